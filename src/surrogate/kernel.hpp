#pragma once

#include <vector>

#include "surrogate/eigen.hpp"
#include "surrogate/input_warp.hpp"

namespace tunesmith {

/// Which columns of the encoded data share a weight, and how they are bent. A number is a column of
/// its own; the columns of a one-hot block share one. Blocks hold 1/√2 for the chosen category and
/// 0 elsewhere, so that two different choices are at squared distance 1 and the kernel is the one
/// over "equal or not" (Hamming).
struct KernelShape {
  std::vector<int> group_of_column = {};
  int groups = 0;
  InputWarp warp = {};

  Eigen::Index columns() const { return static_cast<Eigen::Index>(group_of_column.size()); }
  /// One group per column.
  static KernelShape independent(int columns);
};

/// In natural logarithms: weights w = 1/ℓ² (inverse squared lengthscales), the signal's variance s²
/// and the noise's variance σ². Outputs are taken as standardised.
struct Hyperparameters {
  Vector log_weights = {};
  double log_signal = 0;
  double log_noise = 0;

  /// Weights, signal, noise.
  Vector to_vector() const;
  static Hyperparameters from_vector(const Vector& theta);
};

/// Each column of `points`, bent by the shape's warp, minus ½, times the root of its weight:
/// distances between rows are then Euclidean.
Matrix scale_columns(const Matrix& points, const KernelShape& shape, const Vector& log_weights);
/// The same of columns that are bent already.
Matrix scale_bent_columns(const Matrix& bent, const KernelShape& shape, const Vector& log_weights);

/// Per column, from the weights per group.
Vector column_weights(const KernelShape& shape, const Vector& log_weights);

/// Matern-5/2 (Rasmussen & Williams, eq. 4.17) over squared distances r² = Σ w·(x − x')² between
/// the rows of two scaled matrices, rows of `a` down: value = scale·g(r²) and slope = scale·g'(r²),
/// g = (1 + t + t²/3)·e^−t, g' = dg/dr² = −5/6·(1 + t)·e^−t, t = √(5 r²). Finite at r = 0.
void correlations(const Matrix& a, const Matrix& b, double scale, Matrix& value, Matrix& slope);
/// With scale 1.
void correlations(const Matrix& a, const Matrix& b, Matrix& value, Matrix& slope);

/// Lower triangle of the same of the rows with themselves; exact on the diagonal. What stands above
/// it is unspecified.
void self_correlations(const Matrix& rows, double scale, Matrix& value, Matrix& slope);
/// The values alone.
void self_correlations(const Matrix& rows, double scale, Matrix& value);

}  // namespace tunesmith
