#pragma once

#include "surrogate/kernel.hpp"

namespace tunesmith {

/// Log-normal priors of the hyperparameters for inputs in the unit cube and standardised outputs:
/// ln w, ln s² and ln σ² are normal. Lengthscales ℓ = w^−½ grow with the root of the number of
/// parameters, so that distances stay comparable in high dimensions (Hvarfner et al., "Vanilla
/// Bayesian optimization performs great in high dimensions", ICML 2024; median and spread are our
/// own).
struct HyperparameterPrior {
  /// ln ℓ ~ N(ln ½ + ½ ln max(1, d/2), 1), hence ln w = −2 ln ℓ of deviation 2; ln s² ~ N(0, 1);
  /// ln σ² ~ N(ln 10⁻³, 2), all given as mean and deviation. `parameters` is d: how many parameters
  /// the columns encode (a one-hot block counts once).
  static HyperparameterPrior standard(double parameters);

  double log_weight_mean = 0;
  double log_weight_deviation = 2;
  double log_signal_mean = 0;
  double log_signal_deviation = 1;
  double log_noise_mean = 0;
  double log_noise_deviation = 2;

  Hyperparameters mode(int groups) const;
  /// −½ Σ ((θ_i − mean_i)/deviation_i)²: the log density of θ, without its constant. Adds the
  /// gradient.
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

/// The log posterior of θ = (ln w, ln s², ln σ²) given n outputs z, and its gradient, at O(n³) +
/// O(n²·columns). Rasmussen & Williams, "Gaussian processes for machine learning", 2006, eq. 5.8
/// and 5.9, with a constant mean m ~ N(0, 1) at its most probable value:
///
///     C = s²G + D,  G_ij = g(r²_ij) (kernel.hpp),  D = σ²I + diag(v),  C = LLᵀ
///     m = 1ᵀC⁻¹z / (1ᵀC⁻¹1 + 1),  α = C⁻¹(z − m),  M = ααᵀ − C⁻¹
///     value     = −½ (z − m)ᵀα − ½ m² − Σ_i ln L_ii − ½ n ln 2π + ln p(θ)
///     ∂/∂ln w   = Σ_columns w Σ_{i>j} M_ij s²g'(r²_ij) (x_i − x_j)² + ∂ln p(θ)
///     ∂/∂ln s²  = ½ tr(M s²G) + ∂ln p(θ)
///     ∂/∂ln σ²  = ½ σ² tr M + ∂ln p(θ)
///
/// m needs no derivative of its own, since the value is at its maximum over m. Left out are the
/// constants of the densities of m and θ. Keeps scratch space: one object per thread.
class LogPosterior {
 public:
  LogPosterior(const TrainingData& data, const HyperparameterPrior& prior);

  /// θ as in Hyperparameters::to_vector. −infinity, gradient zero, when the covariance cannot be
  /// factored.
  double operator()(const Vector& theta, Vector& gradient);

 private:
  const TrainingData& data_;
  Matrix bent_;
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
