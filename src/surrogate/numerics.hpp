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

/// What a Gaussian process is predicted from.
struct Posterior {
  /// Scaled, a column per row of data.
  ConstBlock coordinates;
  /// C⁻¹(z − m), a column per fantasy.
  ConstBlock alpha;
  /// L⁻¹, packed by `pack`.
  const double* inverse_factor;
  double signal;
};

/// What a likelihood is computed from, and its parts.
struct Likelihood {
  /// Scaled, one per row of data.
  ConstBlock rows;
  const double* outputs;
  /// D: variances on the diagonal of C on top of the signal s².
  const double* diagonal;
  double signal;

  /// The most probable constant mean m ~ N(0, 1), and (z − m)ᵀC⁻¹(z − m).
  double mean;
  double fit;
  /// The diagonals of L and of M = ααᵀ − C⁻¹.
  double* factor_diagonal;
  double* weights_diagonal;
  /// Σ_{i>j} M_ij s²g'(r²_ij) (row_i − row_j)² per column of the scaled rows.
  double* by_log_weight;
};

/// One instruction set's functions. All are free of state and may be called from several threads.
struct Numerics {
  const char* name;

  /// scale·g(r²) and scale·g'(r²) (kernel.hpp) between the rows of `a` and of `b`, rows
  /// of `a` down.
  void (*correlations)(ConstBlock a, ConstBlock b, double scale, Block value, Block slope);
  /// Lower triangle of the same between the rows and themselves; the diagonal is exact. Without
  /// slopes where their data are null.
  void (*self_correlations)(ConstBlock rows, double scale, Block value, Block slope);

  /// Cholesky factor in place of the lower triangle; false when that is not positive definite.
  bool (*cholesky)(Block lower);
  /// L⁻¹ applied to `right`, in place.
  void (*solve_lower)(ConstBlock factor, Block right);
  /// L⁻ᵀ applied to `right`, in place.
  void (*solve_lower_transposed)(ConstBlock factor, Block right);
  /// L⁻¹ in place of the lower triangle.
  void (*invert_triangle)(Block lower);

  /// Doubles of scratch space for `likelihood` with n rows.
  std::ptrdiff_t (*likelihood_work)(std::ptrdiff_t n);
  /// False when the covariance is not positive definite.
  bool (*likelihood)(Likelihood& task, double* work);

  /// Doubles that `pack` writes for a triangle of n rows.
  std::ptrdiff_t (*packed_size)(std::ptrdiff_t n);
  /// A lower triangle in the order in which `predict` reads it.
  void (*pack)(ConstBlock lower, double* packed);
  /// Rows that `solved` and `slope` must have for a number of points.
  std::ptrdiff_t (*padded)(std::ptrdiff_t points);
  /// For scaled `points`, one per row: kᵀα to `mean`, |L⁻¹k|² to `explained`, and, where their data
  /// are not null, L⁻¹k to `solved` and s²g' to `slope`, both with a column per row of data.
  void (*predict)(const Posterior& posterior, ConstBlock points, Block mean, Block explained,
                  Block solved, Block slope);
  /// Gradient by the points' scaled coordinates of a function whose derivatives by `mean` and
  /// `explained` are given.
  void (*pull_back)(const Posterior& posterior, ConstBlock points, ConstBlock solved,
                    ConstBlock slope, ConstBlock by_mean, ConstBlock by_explained, Block gradient);
};

/// Those that this processor can run, slowest first.
const std::vector<const Numerics*>& available_numerics();

/// The one in use: see tunesmith/instruction_set.hpp.
const Numerics& numerics();

}  // namespace tunesmith
