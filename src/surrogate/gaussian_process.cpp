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
  Matrix slope;
  self_correlations(scaled_, signal_, factor_, slope);
  Vector diagonal = Vector::Constant(n + p, noise_);
  if (data.extra_noise.size() == n) diagonal.head(n) += data.extra_noise;
  factor_.diagonal() += diagonal;
  diagonal.array() += cholesky_with_jitter(factor_, signal_);

  // The leading block of the factor is the factor of the data alone, so L⁻¹(z − m) starts with the
  // data's entries, and the pending ones are independent standard normals: drawing those draws the
  // pending outputs jointly.
  Matrix solved(n, 2);
  solved.col(0) = data.z;
  solved.col(1).setOnes();
  numerics().solve_lower({factor_.data(), n, n, n + p}, writable(solved));
  constant_mean_ = solved.col(1).dot(solved.col(0)) / (solved.col(1).squaredNorm() + 1.0);
  const Eigen::Index fantasies = normals.cols();
  Matrix whitened(n + p, fantasies);
  whitened.topRows(n).colwise() = solved.col(0) - constant_mean_ * solved.col(1);
  whitened.bottomRows(p) = normals;

  // L·whitened: the outputs less the mean, drawn where they are pending.
  fitted_means_.resize(n + p, fantasies);
  fitted_means_.topRows(n).colwise() = (data.z.array() - constant_mean_).matrix();
  fitted_means_.bottomRows(p) =
      factor_.bottomLeftCorner(p, n) * whitened.topRows(n) +
      factor_.bottomRightCorner(p, p).triangularView<Eigen::Lower>() * normals;
  alpha_ = whitened;
  solve_lower_transposed(factor_, alpha_);
  // s²Gα = (C − D)α, so the posterior mean at the rows needs no further product.
  fitted_means_ -= diagonal.asDiagonal() * alpha_;
  fitted_means_.array() += constant_mean_;
}

Prediction GaussianProcess::predict(const Matrix& points) const {
  Prediction out;
  out.points = points;
  correlations(scaled_, scale_columns(points, shape_, log_weights_), signal_, out.solved,
               out.slope);
  out.mean.resize(points.rows(), alpha_.cols());
  numerics().multiply(block_of(out.solved), true, block_of(alpha_), false, writable(out.mean));
  out.mean.array() += constant_mean_;
  solve_lower(factor_, out.solved);
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
  solve_lower_transposed(factor_, beta);
  Matrix coefficients(rows_.rows(), prediction.points.rows());
  numerics().multiply(block_of(alpha_), false, block_of(by_mean), true, writable(coefficients));
  coefficients -= beta * by_deviation.cwiseQuotient(prediction.deviation).asDiagonal();
  coefficients.array() *= prediction.slope.array();
  Matrix moved(prediction.points.rows(), rows_.cols());
  numerics().multiply(block_of(coefficients), true, block_of(rows_), false, writable(moved));
  const Matrix gradient =
      coefficients.colwise().sum().transpose().asDiagonal() * prediction.points - moved;
  return 2.0 * gradient * weights_.asDiagonal();
}

}  // namespace tunesmith
