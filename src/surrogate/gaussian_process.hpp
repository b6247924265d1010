#pragma once

#include "surrogate/log_posterior.hpp"
#include "surrogate/numerics.hpp"

namespace tunesmith {

/// Posterior at a batch of points; every matrix has one row per point. With k the covariances of a
/// point with the rows and C, D, L, m, α as in log_posterior.hpp (Rasmussen & Williams, algorithm
/// 2.1): mean m + kᵀα, variance s² − kᵀC⁻¹k = s² − |L⁻¹k|².
struct Prediction {
  /// One column per fantasy (one when nothing is pending).
  Matrix mean = {};
  /// Of the latent function, without noise; at least 1e-6 of the signal's deviation.
  Vector deviation = {};

  // What `pull_back` needs again: the scaled points with their derivatives by the points, and a
  // column per row of data.
  Matrix points = {};
  Matrix stretch = {};
  Matrix slope = {};
  Matrix solved = {};
};

/// Posterior of a Gaussian process with given hyperparameters: a pure function of its arguments,
/// factored in full each time, so that the same data give the same bits. Const members are safe to
/// call from several threads.
class GaussianProcess {
 public:
  GaussianProcess(const TrainingData& data, const Hyperparameters& hyperparameters);

  /// With pending rows whose outputs are not known yet: each column of `normals` (one row per
  /// pending row) makes one joint draw of them from the posterior, a fantasy (Snoek et al.,
  /// "Practical Bayesian optimization", NIPS 2012). All fantasies share one deviation; their means
  /// differ.
  GaussianProcess(const TrainingData& data, const Hyperparameters& hyperparameters,
                  const Matrix& pending, const Matrix& normals);

  /// Costs O(rows²) per point. What is predicted for a point does not depend on the others. Without
  /// `for_gradient` cheaper, but `pull_back` cannot take it.
  Prediction predict(const Matrix& points, bool for_gradient = true) const;

  /// Gradient, one row per point, of a function whose derivatives by `mean` and `deviation` of the
  /// prediction are given.
  Matrix pull_back(const Prediction& prediction, const Matrix& by_mean,
                   const Vector& by_deviation) const;

  /// Posterior means at the rows of the data, then at the pending ones; one column per fantasy.
  const Matrix& fitted_means() const { return fitted_means_; }
  double noise() const { return noise_; }
  double signal() const { return signal_; }
  double constant_mean() const { return constant_mean_; }

 private:
  friend class GrowingProcess;

  Posterior posterior() const;

  KernelShape shape_;
  Vector log_weights_;
  double signal_ = 1;
  double noise_ = 0;
  double constant_mean_ = 0;
  /// Scaled, a column per row.
  Matrix coordinates_;
  Matrix alpha_;
  const Numerics* numerics_;
  Vector inverse_factor_;
  Matrix fitted_means_;
  /// L⁻¹ as a matrix, and the diagonal of D.
  Matrix inverse_;
  Vector diagonal_;
};

}  // namespace tunesmith
