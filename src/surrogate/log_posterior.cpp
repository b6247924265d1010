#include "surrogate/log_posterior.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "surrogate/lbfgsb.hpp"
#include "surrogate/linear_algebra.hpp"

namespace tunesmith {
namespace {

constexpr double log_two_pi = 1.8378770664093454836;

double normal_log_density(double value, double mean, double deviation, double& gradient) {
  const double u = (value - mean) / deviation;
  gradient -= u / deviation;
  return -0.5 * u * u;
}

}  // namespace

HyperparameterPrior HyperparameterPrior::standard(double parameters) {
  HyperparameterPrior prior;
  // ln ℓ ~ N(ln ½ + ½ ln max(1, d/2), 1), and ln w = −2 ln ℓ.
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

LogPosterior::LogPosterior(const TrainingData& data, const HyperparameterPrior& prior)
    : data_(data), prior_(prior) {}

double LogPosterior::operator()(const Vector& theta, Vector& gradient) {
  const Eigen::Index n = data_.z.size();
  const Eigen::Index groups = data_.shape.groups;
  gradient = Vector::Zero(groups + 2);
  const double signal = std::exp(theta[groups]);
  const double noise = std::exp(theta[groups + 1]);
  const Vector log_weights = theta.head(groups);
  const Vector weights = column_weights(data_.shape, log_weights);
  self_correlations(scale_columns(data_.x, data_.shape, log_weights), correlation_, slope_);

  factor_.resize(n, n);
  factor_.triangularView<Eigen::Lower>() = signal * correlation_;
  factor_.diagonal().array() += noise;
  if (data_.extra_noise.size() == n) factor_.diagonal() += data_.extra_noise;
  if (!cholesky_in_place(factor_)) return -std::numeric_limits<double>::infinity();

  const auto lower = factor_.triangularView<Eigen::Lower>();
  Matrix solved(n, 2);
  solved.col(0) = data_.z;
  solved.col(1).setOnes();
  lower.solveInPlace(solved);
  const double mean = solved.col(1).dot(solved.col(0)) / (solved.col(1).squaredNorm() + 1.0);
  Vector alpha = solved.col(0) - mean * solved.col(1);
  const double quadratic = alpha.squaredNorm() + mean * mean;
  factor_.transpose().triangularView<Eigen::Upper>().solveInPlace(alpha);
  const double value = -0.5 * quadratic - factor_.diagonal().array().log().sum() -
                       0.5 * static_cast<double>(n) * log_two_pi;

  // Lower triangle of M = ααᵀ − C⁻¹, then of H.
  inverse_from_cholesky(factor_, inverse_, work_);
  double trace = 0;
  double signal_sum = 0;
  for (Eigen::Index j = 0; j < n; ++j) {
    const Eigen::Index rest = n - j;
    auto m = inverse_.col(j).tail(rest);
    m = alpha[j] * alpha.tail(rest) - m;
    trace += m[0];
    const auto g = correlation_.col(j).tail(rest);
    signal_sum += 2 * m.dot(g) - m[0];
    m = signal * m.cwiseProduct(slope_.col(j).tail(rest));
  }
  const auto h = inverse_.selfadjointView<Eigen::Lower>();
  const Eigen::Index columns = data_.x.cols();
  Matrix extended(n, columns + 1);
  extended.leftCols(columns) = (data_.x.array() - 0.5).matrix();
  extended.col(columns).setOnes();
  const Matrix product = h * extended;
  for (Eigen::Index c = 0; c < columns; ++c) {
    const auto x = extended.col(c);
    const double derivative = product.col(columns).dot(x.cwiseAbs2()) - x.dot(product.col(c));
    gradient[data_.shape.group_of_column[static_cast<std::size_t>(c)]] += weights[c] * derivative;
  }
  gradient[groups] += 0.5 * signal * signal_sum;
  gradient[groups + 1] += 0.5 * noise * trace;
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
