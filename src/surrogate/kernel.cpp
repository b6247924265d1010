#include "surrogate/kernel.hpp"

#include <cmath>

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
  const Vector roots = column_weights(shape, log_weights).cwiseSqrt();
  return (points.array() - 0.5).matrix() * roots.asDiagonal();
}

void matern52(Eigen::Ref<Eigen::ArrayXXd> squared, Eigen::Ref<Eigen::ArrayXXd> value,
              Eigen::Ref<Eigen::ArrayXXd> slope) {
  squared = (5.0 * squared).sqrt();
  value = (-squared).exp();
  slope = (-5.0 / 6.0) * (1.0 + squared) * value;
  value *= 1.0 + squared * (1.0 + squared * (1.0 / 3.0));
}

void correlations(const Matrix& a, const Matrix& b, Matrix& value, Matrix& slope) {
  Matrix squared(a.rows(), b.rows());
  squared.noalias() = -2.0 * a * b.transpose();
  squared.colwise() += a.rowwise().squaredNorm();
  squared.rowwise() += b.rowwise().squaredNorm().transpose();
  squared = squared.cwiseMax(0.0);
  value.resize(a.rows(), b.rows());
  slope.resize(a.rows(), b.rows());
  for (Eigen::Index j = 0; j < b.rows(); ++j)
    matern52(squared.col(j).array(), value.col(j).array(), slope.col(j).array());
}

void self_correlations(const Matrix& rows, Matrix& value, Matrix& slope) {
  const Eigen::Index n = rows.rows();
  const Vector norms = rows.rowwise().squaredNorm();
  value.resize(n, n);
  slope.resize(n, n);
  Matrix squared(n, n);
  squared.triangularView<Eigen::Lower>() = rows * rows.transpose();
  for (Eigen::Index j = 0; j < n; ++j) {
    const Eigen::Index rest = n - j;
    auto column = squared.col(j).tail(rest);
    column = (norms.tail(rest).array() + norms[j] - 2.0 * column.array()).max(0.0).matrix();
    column[0] = 0;
    matern52(column.array(), value.col(j).tail(rest).array(), slope.col(j).tail(rest).array());
  }
}

}  // namespace tunesmith
