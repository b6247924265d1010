#include "surrogate/gaussian_process.hpp"

#include <cmath>

#include "surrogate/linear_algebra.hpp"

namespace tunesmith {

GaussianProcess::GaussianProcess(const TrainingData& data, const Hyperparameters& hyperparameters)
    : GaussianProcess(data, hyperparameters, Matrix(0, data.x.cols()), Matrix(0, 1)) {}

GaussianProcess::GaussianProcess(const TrainingData& data, const Hyperparameters& hyperparameters,
                                 const Matrix& pending, const Matrix& normals)
    : shape_(data.shape),
      log_weights_(hyperparameters.log_weights),
      weights_(column_weights(shape_, log_weights_)),
      signal_(std::exp(hyperparameters.log_signal)),
      noise_(std::exp(hyperparameters.log_noise)) {
  const Eigen::Index n = data.z.size();
  const Eigen::Index p = pending.rows();
  rows_.resize(n + p, data.x.cols());
  rows_ << data.x, pending;
  scaled_ = scale_columns(rows_, shape_, log_weights_);
  Matrix correlation;
  Matrix slope;
  self_correlations(scaled_, correlation, slope);

  Vector diagonal = Vector::Constant(n + p, noise_);
  if (data.extra_noise.size() == n) diagonal.head(n) += data.extra_noise;
  factor_.resize(n + p, n + p);
  factor_.triangularView<Eigen::Lower>() = signal_ * correlation;
  factor_.diagonal() += diagonal;
  diagonal.array() += cholesky_with_jitter(factor_, signal_);

  // The leading block of the factor is the factor of the data alone, so L⁻¹(z − m) starts with the
  // data's entries, and the pending ones are independent standard normals: drawing those draws the
  // pending outputs jointly.
  const auto head = factor_.topLeftCorner(n, n).triangularView<Eigen::Lower>();
  Matrix solved(n, 2);
  solved.col(0) = data.z;
  solved.col(1).setOnes();
  head.solveInPlace(solved);
  constant_mean_ = solved.col(1).dot(solved.col(0)) / (solved.col(1).squaredNorm() + 1.0);
  const Eigen::Index fantasies = normals.cols();
  Matrix whitened(n + p, fantasies);
  whitened.topRows(n).colwise() = solved.col(0) - constant_mean_ * solved.col(1);
  whitened.bottomRows(p) = normals;

  const auto lower = factor_.triangularView<Eigen::Lower>();
  fitted_means_ = lower * whitened;
  alpha_ = whitened;
  factor_.transpose().triangularView<Eigen::Upper>().solveInPlace(alpha_);
  // s²Gα = (C − D)α, so the posterior mean at the rows needs no further product.
  fitted_means_ -= diagonal.asDiagonal() * alpha_;
  fitted_means_.array() += constant_mean_;
}

Prediction GaussianProcess::predict(const Matrix& points) const {
  Prediction out;
  out.points = points;
  Matrix kernel;
  correlations(scaled_, scale_columns(points, shape_, log_weights_), kernel, out.slope);
  kernel *= signal_;
  out.mean.noalias() = kernel.transpose() * alpha_;
  out.mean.array() += constant_mean_;
  out.solved = std::move(kernel);
  factor_.triangularView<Eigen::Lower>().solveInPlace(out.solved);
  out.deviation = (signal_ - out.solved.colwise().squaredNorm().transpose().array())
                      .max(1e-12 * signal_)
                      .sqrt();
  return out;
}

Matrix GaussianProcess::pull_back(const Prediction& prediction, const Matrix& by_mean,
                                  const Vector& by_deviation) const {
  // ∇m = Σ α_i ∇k_i and, from s² = s0² − kᵀC⁻¹k, ∇s = −(1/s) Σ (C⁻¹k)_i ∇k_i, with ∇k_i = s0²
  // g'(r²)·2w∘(x − x_i).
  Matrix beta = prediction.solved;
  factor_.transpose().triangularView<Eigen::Upper>().solveInPlace(beta);
  Matrix coefficients(rows_.rows(), prediction.points.rows());
  coefficients.noalias() = alpha_ * by_mean.transpose();
  coefficients -= beta * by_deviation.cwiseQuotient(prediction.deviation).asDiagonal();
  coefficients.array() *= signal_ * prediction.slope.array();
  Matrix gradient = coefficients.colwise().sum().transpose().asDiagonal() * prediction.points;
  gradient.noalias() -= coefficients.transpose() * rows_;
  return 2.0 * gradient * weights_.asDiagonal();
}

}  // namespace tunesmith
