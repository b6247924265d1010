#include "surrogate/log_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "surrogate/lbfgsb.hpp"
#include "surrogate/linear_algebra.hpp"

namespace tunesmith {
namespace {

constexpr double log_two_pi = 1.8378770664093454836;

// Without its constant.
double normal_log_density(double value, double mean, double deviation, double& gradient) {
  const double u = (value - mean) / deviation;
  gradient -= u / deviation;
  return -0.5 * u * u;
}

}  // namespace

HyperparameterPrior HyperparameterPrior::standard(double parameters) {
  HyperparameterPrior prior;
  prior.log_weight_mean = -2 * (std::log(0.5) + 0.5 * std::log(std::max(1.0, parameters / 2)));
  prior.log_noise_mean = std::log(1e-3);
  return prior;
}

Hyperparameters HyperparameterPrior::mode(int groups) const {
  return {Vector::Constant(groups, log_weight_mean), log_signal_mean, log_noise_mean};
}

double HyperparameterPrior::log_density(const Vector& theta, Vector& gradient) const {
  const Eigen::Index groups = theta.size() - 2;
  double sum = 0;
  for (Eigen::Index k = 0; k < groups; ++k)
    sum += normal_log_density(theta[k], log_weight_mean, log_weight_deviation, gradient[k]);
  sum += normal_log_density(theta[groups], log_signal_mean, log_signal_deviation, gradient[groups]);
  sum += normal_log_density(theta[groups + 1], log_noise_mean, log_noise_deviation,
                            gradient[groups + 1]);
  return sum;
}

Vector hyperparameter_lower(int groups) {
  Vector bound = Vector::Constant(groups + 2, std::log(1e-4));
  bound[groups] = std::log(1e-2);
  bound[groups + 1] = std::log(1e-6);
  return bound;
}

Vector hyperparameter_upper(int groups) {
  Vector bound = Vector::Constant(groups + 2, std::log(1e4));
  bound[groups] = std::log(1e2);
  bound[groups + 1] = 0;
  return bound;
}

Vector TrainingData::noise_variances(double noise) const {
  if (extra_noise.size() == 0) return Vector::Constant(z.size(), noise);
  return extra_noise.array() + noise;
}

LogPosterior::LogPosterior(const TrainingData& data, const HyperparameterPrior& prior)
    : data_(data), bent_(data.shape.warp(data.x)), prior_(prior) {}

double LogPosterior::operator()(const Vector& theta, Vector& gradient) {
  const Eigen::Index n = data_.z.size();
  const Eigen::Index groups = data_.shape.groups;
  gradient = Vector::Zero(groups + 2);
  const double signal = std::exp(theta[groups]);
  const double noise = std::exp(theta[groups + 1]);
  const Matrix rows = scale_bent_columns(bent_, data_.shape, theta.head(groups));
  const Vector diagonal = data_.noise_variances(noise);

  const Numerics& kernels = numerics();
  work_.resize(kernels.likelihood_work(n));
  Vector factor_diagonal(n);
  Vector weights_diagonal(n);
  Vector by_log_weight(rows.cols());
  Likelihood task{
      block_of(rows),         data_.z.data(),          diagonal.data(),     signal, 0, 0,
      factor_diagonal.data(), weights_diagonal.data(), by_log_weight.data()};
  if (!kernels.likelihood(task, work_.data())) return -std::numeric_limits<double>::infinity();
  const double value = -0.5 * (task.fit + task.mean * task.mean) -
                       factor_diagonal.array().log().sum() -
                       0.5 * static_cast<double>(n) * log_two_pi;

  for (Eigen::Index c = 0; c < rows.cols(); ++c)
    gradient[data_.shape.group_of_column[static_cast<std::size_t>(c)]] += by_log_weight[c];
  // tr(M s²G) = tr(MC) − tr(MD), where tr(MC) = αᵀCα − n and αᵀCα = (z − m)ᵀC⁻¹(z − m), the fit.
  gradient[groups] += 0.5 * (task.fit - static_cast<double>(n) - weights_diagonal.dot(diagonal));
  gradient[groups + 1] += 0.5 * noise * weights_diagonal.sum();
  return value + prior_.log_density(theta, gradient);
}

FitResult fit_hyperparameters(const TrainingData& data, const HyperparameterPrior& prior,
                              const std::vector<Hyperparameters>& starts,
                              const FitOptions& options) {
  const Vector lower = hyperparameter_lower(data.shape.groups);
  const Vector upper = hyperparameter_upper(data.shape.groups);
  LogPosterior posterior(data, prior);
  FitResult best{starts.front(), -std::numeric_limits<double>::infinity()};
  Vector gradient;
  for (const Hyperparameters& start : starts) {
    BoundedLbfgs search(start.to_vector(), lower, upper,
                        {.max_evaluations = options.max_evaluations,
                         .gradient_tolerance = 1e-2,
                         .value_tolerance = 1e-7 * static_cast<double>(data.z.size())});
    while (!search.finished()) {
      const double value = posterior(search.point(), gradient);
      search.tell(-value, -gradient);
    }
    if (-search.best_value() > best.log_posterior)
      best = {Hyperparameters::from_vector(search.best_point()), -search.best_value()};
  }
  return best;
}

}  // namespace tunesmith
