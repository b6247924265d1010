#include "surrogate/kernel.hpp"

#include <cmath>

#include "surrogate/linear_algebra.hpp"

namespace tunesmith {

KernelShape KernelShape::independent(int columns) {
  KernelShape shape;
  for (int i = 0; i < columns; ++i) shape.group_of_column.push_back(i);
  shape.groups = columns;
  return shape;
}

Vector Hyperparameters::to_vector() const {
  Vector theta(log_weights.size() + 2);
  theta << log_weights, log_signal, log_noise;
  return theta;
}

Hyperparameters Hyperparameters::from_vector(const Vector& theta) {
  const Eigen::Index groups = theta.size() - 2;
  return {theta.head(groups), theta[groups], theta[groups + 1]};
}

Vector column_weights(const KernelShape& shape, const Vector& log_weights) {
  Vector weights(shape.columns());
  for (Eigen::Index c = 0; c < weights.size(); ++c)
    weights[c] = std::exp(log_weights[shape.group_of_column[static_cast<std::size_t>(c)]]);
  return weights;
}

Matrix scale_columns(const Matrix& points, const KernelShape& shape, const Vector& log_weights) {
  return scale_bent_columns(shape.warp(points), shape, log_weights);
}

Matrix scale_bent_columns(const Matrix& bent, const KernelShape& shape, const Vector& log_weights) {
  const Vector roots = column_weights(shape, log_weights).cwiseSqrt();
  return (bent.array() - 0.5).matrix() * roots.asDiagonal();
}

void correlations(const Matrix& a, const Matrix& b, double scale, Matrix& value, Matrix& slope) {
  value.resize(a.rows(), b.rows());
  slope.resize(a.rows(), b.rows());
  numerics().correlations(block_of(a), block_of(b), scale, writable(value), writable(slope));
}

void correlations(const Matrix& a, const Matrix& b, Matrix& value, Matrix& slope) {
  correlations(a, b, 1.0, value, slope);
}

void self_correlations(const Matrix& rows, double scale, Matrix& value, Matrix& slope) {
  value.resize(rows.rows(), rows.rows());
  slope.resize(rows.rows(), rows.rows());
  numerics().self_correlations(block_of(rows), scale, writable(value), writable(slope));
}

void self_correlations(const Matrix& rows, double scale, Matrix& value) {
  value.resize(rows.rows(), rows.rows());
  numerics().self_correlations(block_of(rows), scale, writable(value), {nullptr, 0, 0, 0});
}

}  // namespace tunesmith
