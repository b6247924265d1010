#pragma once

#include <cmath>

#include "core/random.hpp"
#include "surrogate/log_posterior.hpp"

namespace tunesmith::test {

inline Matrix random_points(Eigen::Index rows, Eigen::Index columns, std::uint64_t seed) {
  RandomStream random(seed, 0, "points");
  Matrix points(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < columns; ++j) points(i, j) = random.uniform();
  return points;
}

/// Smooth outputs with a little noise.
inline Vector outputs_at(const Matrix& points, std::uint64_t seed) {
  RandomStream random(seed, 0, "outputs");
  Vector z(points.rows());
  for (Eigen::Index i = 0; i < points.rows(); ++i)
    z[i] = std::sin(4 * points(i, 0)) + points.row(i).squaredNorm() - 1 + 0.01 * random.normal();
  return z;
}

inline TrainingData random_data(Eigen::Index rows, int columns, std::uint64_t seed) {
  const Matrix x = random_points(rows, columns, seed);
  return {KernelShape::independent(columns), x, outputs_at(x, seed), {}};
}

inline Hyperparameters some_hyperparameters(int groups) {
  Hyperparameters h;
  h.log_weights = Vector::LinSpaced(groups, 0.2, 2.0);
  h.log_signal = 0.3;
  h.log_noise = -4;
  return h;
}

}  // namespace tunesmith::test
