#pragma once

#include <cstddef>

namespace tunesmith {

// The loops over all kernels of a Parzen estimator, over flat arrays of floats: candidates are only
// compared with each other, and floats are twice as many to a register.

/// Arrays of kernels are filled up to a multiple of this.
inline constexpr std::size_t parzen_lanes = 16;

/// What one coordinate of a point adds to the logarithm of every kernel where its place is not
/// negative: `constant` (unless null), and
///  - line (`scale` set): −((place − middle)·scale)²;
///  - choice (`middle` alone): `bonus` where the middle equals the place;
///  - table (`cell` set): log_mass[place · row + cell].
struct ParzenTerm {
  const float* constant = nullptr;
  const float* middle = nullptr;
  const float* scale = nullptr;
  const int* cell = nullptr;
  const float* log_mass = nullptr;
  std::size_t row = 0;
  float bonus = 0;
};

/// A sum of exponentials, sum·e^top.
struct ParzenSum {
  float top = -1e30F;
  float sum = 0;
};

/// One instruction set's functions (instruction_set.hpp).
struct ParzenKernels {
  /// Logarithms of numbers > 0, in place, to about 1e-6. `kernels` is a multiple of parzen_lanes
  /// here and below.
  void (*logarithms)(float* numbers, std::size_t kernels);

  /// Normal kernels on [0, 1] with the given middles and bandwidths in (0, 1]: scale = 1/(√2·b),
  /// and −ln(√(2π)·b·(Φ((1 − m)/b) − Φ(−m/b))), to about 2e-6, is added to `constant`; 0 where the
  /// bandwidth is.
  void (*line_constants)(const float* middle, const float* bandwidth, std::size_t kernels,
                         float* scale, float* constant);

  /// Σₖ exp(base[k] + terms) for each of `points` points, whose places of all terms stand in rows.
  /// `sums` starts as it is made. Always in the same order.
  void (*sums)(const float* base, std::size_t kernels, const ParzenTerm* terms, std::size_t size,
               const float* places, std::size_t points, ParzenSum* sums);

  /// Φ, to about 3e-7 absolute (Abramowitz & Stegun, "Handbook of mathematical functions", 7.1.28).
  float (*normal_cdf)(float x);
};

/// Those in use.
const ParzenKernels& parzen_kernels();

}  // namespace tunesmith
