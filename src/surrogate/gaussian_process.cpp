#include "surrogate/gaussian_process.hpp"

#include <cmath>
#include <utility>

#include "surrogate/linear_algebra.hpp"

namespace tunesmith {

GaussianProcess::GaussianProcess(const TrainingData& data, const Hyperparameters& hyperparameters)
    : GaussianProcess(data, hyperparameters, Matrix(0, data.x.cols()), Matrix(0, 1)) {}

GaussianProcess::GaussianProcess(const TrainingData& data, const Hyperparameters& hyperparameters,
                                 const Matrix& pending, const Matrix& normals)
    : shape_(data.shape),
      log_weights_(hyperparameters.log_weights),
      signal_(std::exp(hyperparameters.log_signal)),
      noise_(std::exp(hyperparameters.log_noise)),
      numerics_(&numerics()) {
  const Eigen::Index n = data.z.size();
  const Eigen::Index p = pending.rows();
  Matrix rows(n + p, data.x.cols());
  rows << data.x, pending;
  rows = scale_columns(rows, shape_, log_weights_);
  coordinates_ = rows.transpose();
  Matrix factor;
  self_correlations(rows, signal_, factor);
  Vector diagonal(n + p);
  diagonal << data.noise_variances(noise_), Vector::Constant(p, noise_);
  factor.diagonal() += diagonal;
  diagonal.array() += cholesky_with_jitter(factor, signal_);

  // From L⁻¹z and L⁻¹1: m = 1ᵀC⁻¹z / (1ᵀC⁻¹1 + 1), and L⁻¹(z − m). The leading block of the factor
  // is the factor of the data alone, so L⁻¹(z − m) starts with the data's entries, and the pending
  // ones are independent standard normals: drawing those draws the pending outputs jointly.
  Matrix solved(n, 2);
  solved.col(0) = data.z;
  solved.col(1).setOnes();
  numerics().solve_lower({factor.data(), n, n, n + p}, writable(solved));
  constant_mean_ = solved.col(1).dot(solved.col(0)) / (solved.col(1).squaredNorm() + 1.0);
  const Eigen::Index fantasies = normals.cols();
  Matrix whitened(n + p, fantasies);
  whitened.topRows(n).colwise() = solved.col(0) - constant_mean_ * solved.col(1);
  whitened.bottomRows(p) = normals;

  // L·whitened: the outputs less the mean, drawn where they are pending.
  fitted_means_.resize(n + p, fantasies);
  fitted_means_.topRows(n).colwise() = (data.z.array() - constant_mean_).matrix();
  if (p > 0)
    fitted_means_.bottomRows(p) =
        factor.bottomLeftCorner(p, n) * whitened.topRows(n) +
        factor.bottomRightCorner(p, p).triangularView<Eigen::Lower>() * normals;
  alpha_ = whitened;
  solve_lower_transposed(factor, alpha_);
  // The mean at the rows is m + s²Gα = m + (C − D)α = z − Dα: no further product.
  fitted_means_ -= diagonal.asDiagonal() * alpha_;
  fitted_means_.array() += constant_mean_;

  invert_triangle(factor);
  inverse_factor_.resize(numerics_->packed_size(n + p));
  numerics_->pack(block_of(factor), inverse_factor_.data());
  inverse_ = std::move(factor);
  diagonal_ = std::move(diagonal);
}

Posterior GaussianProcess::posterior() const {
  return {block_of(coordinates_), block_of(alpha_), inverse_factor_.data(), signal_};
}

Prediction GaussianProcess::predict(const Matrix& points, bool for_gradient) const {
  Prediction out;
  out.points = scale_columns(points, shape_, log_weights_);
  if (for_gradient)
    out.stretch =
        shape_.warp.slopes(points) * column_weights(shape_, log_weights_).cwiseSqrt().asDiagonal();
  out.mean.resize(points.rows(), alpha_.cols());
  if (for_gradient) {
    out.slope.resize(numerics_->padded(points.rows()), coordinates_.cols());
    out.solved.resize(out.slope.rows(), out.slope.cols());
  }
  Vector explained(points.rows());
  numerics_->predict(posterior(), block_of(out.points), writable(out.mean), writable(explained),
                     writable(out.solved), writable(out.slope));
  out.mean.array() += constant_mean_;
  out.deviation = (signal_ - explained.array()).max(1e-12 * signal_).sqrt();
  return out;
}

Matrix GaussianProcess::pull_back(const Prediction& prediction, const Matrix& by_mean,
                                  const Vector& by_deviation) const {
  // deviation² = s² − explained, with explained = |L⁻¹k|².
  const Vector by_explained = -0.5 * by_deviation.cwiseQuotient(prediction.deviation);
  Matrix gradient(prediction.points.rows(), prediction.points.cols());
  numerics_->pull_back(posterior(), block_of(prediction.points), block_of(prediction.solved),
                       block_of(prediction.slope), block_of(by_mean), block_of(by_explained),
                       writable(gradient));
  return gradient.cwiseProduct(prediction.stretch);
}

}  // namespace tunesmith
