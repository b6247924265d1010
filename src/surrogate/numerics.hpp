#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tunesmith {

// The border between code for any processor and the numerics that are compiled once per instruction
// set. Nothing but these plain types crosses it: a template or inline function used on both sides
// would exist twice under one name, and the linker keeps either. Storage is column by column;
// `stride` lies between columns. Where results must have the same bits every time, the addresses
// handed over are aligned as Eigen's (eigen.hpp) are, or lie at a fixed distance from such a one.
struct ConstBlock {
  const double* data;
  std::ptrdiff_t rows;
  std::ptrdiff_t columns;
  std::ptrdiff_t stride;
};

struct Block {
  double* data;
  std::ptrdiff_t rows;
  std::ptrdiff_t columns;
  std::ptrdiff_t stride;
};

/// One instruction set's functions. All are free of state and may be called from several threads.
struct Numerics {
  const char* name;

  /// scale·g(r²) and scale·g'(r²) (matern52 in kernel.hpp) between the rows of `a` and of `b`, rows
  /// of `a` down.
  void (*correlations)(ConstBlock a, ConstBlock b, double scale, Block value, Block slope);
  /// Lower triangle of the same between the rows and themselves; the diagonal is exact.
  void (*self_correlations)(ConstBlock rows, double scale, Block value, Block slope);

  /// Cholesky factor in place of the lower triangle; false when that is not positive definite.
  bool (*cholesky)(Block lower);
  /// L⁻¹ applied to `right`, in place.
  void (*solve_lower)(ConstBlock factor, Block right);
  /// L⁻ᵀ applied to `right`, in place.
  void (*solve_lower_transposed)(ConstBlock factor, Block right);
  /// Lower triangle of (L Lᵀ)⁻¹. `work` is scratch space of the same size; its lower triangle is
  /// L⁻¹ afterwards.
  void (*inverse)(ConstBlock factor, Block inverse, Block work);
  /// Lower triangle of (ααᵀ − inverse)∘slope in place of the inverse's; the diagonal of ααᵀ −
  /// inverse goes to `diagonal`.
  void (*weigh)(ConstBlock alpha, ConstBlock slope, Block inverse, Block diagonal);

  /// out = a·b, with either transposed where so told.
  void (*multiply)(ConstBlock a, bool a_transposed, ConstBlock b, bool b_transposed, Block out);
  /// out = S·b for the symmetric S whose lower triangle is given.
  void (*multiply_symmetric)(ConstBlock lower, ConstBlock b, Block out);
};

/// Those that this processor can run, slowest first.
const std::vector<const Numerics*>& available_numerics();

/// The one in use: see tunesmith/instruction_set.hpp.
const Numerics& numerics();

}  // namespace tunesmith
