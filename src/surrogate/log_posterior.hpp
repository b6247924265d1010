#pragma once

#include "surrogate/kernel.hpp"

namespace tunesmith {

/// Log-normal priors of the hyperparameters for inputs in the unit cube and standardised outputs.
/// Lengthscales grow with the root of the number of parameters, so that distances stay comparable
/// in high dimensions (Hvarfner et al., "Vanilla Bayesian optimization performs great in high
/// dimensions", ICML 2024).
struct HyperparameterPrior {
  /// `parameters`: how many parameters the columns encode (a one-hot block counts once).
  static HyperparameterPrior standard(double parameters);

  double log_weight_mean = 0;
  double log_weight_deviation = 2;
  double log_signal_mean = 0;
  double log_signal_deviation = 1;
  double log_noise_mean = 0;
  double log_noise_deviation = 2;

  Hyperparameters mode(int groups) const;
  /// Adds the gradient in log-space. Up to a constant.
  double log_density(const Vector& theta, Vector& gradient) const;
};

/// The box in which hyperparameters are sought, in log-space.
Vector hyperparameter_lower(int groups);
Vector hyperparameter_upper(int groups);

/// Rows of `x` with their outputs. `extra_noise` holds known variances v per row on top of the
/// fitted noise σ²; empty: none.
struct TrainingData {
  KernelShape shape = {};
  Matrix x = {};
  Vector z = {};
  Vector extra_noise = {};

  /// The diagonal of D = σ²I + diag(v).
  Vector noise_variances(double noise) const;
};

/// log p(z | θ) + log p(θ) of a Gaussian process with constant mean m ~ N(0, 1) at its most
/// probable value (the ridge of the profile mean), and its analytic gradient at O(n³) +
/// O(n²·columns): with H = s²·(ααᵀ − C⁻¹)∘g'(r²), every weight's derivative is w·Σ_{i>j} H_ij
/// (x_i − x_j)². Keeps scratch space: one object per thread.
class LogPosterior {
 public:
  LogPosterior(const TrainingData& data, const HyperparameterPrior& prior);

  /// θ as in Hyperparameters::to_vector. −infinity, gradient zero, when the covariance cannot be
  /// factored.
  double operator()(const Vector& theta, Vector& gradient);

 private:
  const TrainingData& data_;
  HyperparameterPrior prior_;
  Vector work_;
};

struct FitOptions {
  /// Likelihood evaluations per start.
  int max_evaluations = 80;
};

struct FitResult {
  Hyperparameters hyperparameters = {};
  double log_posterior = 0;
};

/// The best maximum of the posterior reached from the given starts (at least one).
FitResult fit_hyperparameters(const TrainingData& data, const HyperparameterPrior& prior,
                              const std::vector<Hyperparameters>& starts,
                              const FitOptions& options);

}  // namespace tunesmith
