#include "surrogate/output_transform.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "surrogate/linear_algebra.hpp"

namespace tunesmith {
namespace {

constexpr double lambda_lowest = -3;
constexpr double lambda_step = 0.25;
constexpr int lambda_count = 33;
// A spread below this share of the magnitude is rounding noise.
constexpr double flat = 1e-13;
constexpr double tail_deviations = 6;
// A thousand times the deviation of all: nothing is learnt from such a value.
constexpr double largest_variance = 1e6;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

struct Standardisation {
  double mean = 0;
  /// 0 where nothing but rounding noise differs.
  double deviation = 0;

  explicit Standardisation(const Vector& values) : mean(values.mean()) {
    const Vector centred = values.array() - mean;
    const double spread = std::sqrt(centred.squaredNorm() / static_cast<double>(values.size()));
    if (spread > flat * values.cwiseAbs().maxCoeff()) deviation = spread;
  }
  Vector operator()(const Vector& values) const {
    if (deviation == 0) return Vector::Zero(values.size());
    return (values.array() - mean) / deviation;
  }
};

// Compresses the bad tail of values with median 0 and magnitude at most 1.
struct TailCompression {
  double spread = 0;

  explicit TailCompression(const std::vector<double>& values) {
    double sum = 0;
    std::size_t count = 0;
    for (double v : values) {
      if (v < 0) continue;
      sum += v * v;
      ++count;
    }
    spread = std::sqrt(sum / static_cast<double>(count));
  }
  double operator()(double v) const {
    const double cut = -tail_deviations * spread;
    return spread > 0 && v < cut ? cut - spread * std::log1p((cut - v) / spread) : v;
  }
};

bool is_known(double error) { return std::isfinite(error) && error > 0; }

}  // namespace

ErrorBars ErrorBars::at(const std::vector<Eigen::Index>& rows) const {
  if (empty()) return {};
  return {below(rows), above(rows)};
}

Vector ErrorBars::variances() const {
  return (above - below).unaryExpr([](double range) {
    const double variance = range * range / 4;
    return variance < largest_variance ? variance : largest_variance;
  });
}

Vector standardised(const Vector& values) {
  if (values.size() == 0) return values;
  return Standardisation(values)(values);
}

ConditionedOutputs condition_outputs(std::span<const double> values,
                                     std::span<const double> errors) {
  ConditionedOutputs out;
  out.z = Vector::Zero(static_cast<Eigen::Index>(values.size()));
  std::vector<double> finite;
  for (double v : values)
    if (std::isfinite(v)) finite.push_back(v);
  if (finite.empty()) return out;

  double magnitude = 0;
  for (double v : finite) magnitude = std::max(magnitude, std::abs(v));
  if (magnitude > 0)
    for (double& v : finite) v /= magnitude;
  const double centre = median(finite);
  double spread = 0;
  for (double& v : finite) {
    v -= centre;
    spread = std::max(spread, std::abs(v));
  }
  out.informative = spread > flat;
  for (double& v : finite) v = out.informative ? v / spread : 0.0;
  const std::vector<double> linear = finite;
  const TailCompression compress(finite);
  for (double& v : finite) v = compress(v);

  const auto [worst, best] = std::minmax_element(finite.begin(), finite.end());
  const double failed = *worst - (out.informative ? 0.25 * (*best - *worst) : 1.0);
  std::size_t next = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    out.z[static_cast<Eigen::Index>(i)] = std::isfinite(values[i]) ? finite[next++] : failed;
  const Standardisation standardise(out.z);
  if (out.informative && std::any_of(errors.begin(), errors.end(), is_known)) {
    out.errors = {out.z, out.z};
    next = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) continue;
      const double value = linear[next++];
      if (!is_known(errors[i])) continue;
      const double error = errors[i] / magnitude / spread;
      out.errors.below[static_cast<Eigen::Index>(i)] = compress(value - error);
      out.errors.above[static_cast<Eigen::Index>(i)] = compress(value + error);
    }
    out.errors = {standardise(out.errors.below), standardise(out.errors.above)};
  }
  out.z = standardise(out.z);
  return out;
}

double yeo_johnson(double y, double lambda) {
  if (y < 0) return -yeo_johnson(-y, 2 - lambda);
  const double l = std::log1p(y);
  return std::abs(lambda) < 1e-12 ? l : std::expm1(lambda * l) / lambda;
}

double yeo_johnson_inverse(double z, double lambda) {
  if (z < 0) return -yeo_johnson_inverse(-z, 2 - lambda);
  return std::expm1(std::abs(lambda) < 1e-12 ? z : std::log1p(lambda * z) / lambda);
}

Vector yeo_johnson(const Vector& y, double lambda) {
  return standardised(y.unaryExpr([lambda](double v) { return yeo_johnson(v, lambda); }));
}

ErrorBars yeo_johnson(const Vector& y, const ErrorBars& errors, double lambda) {
  if (errors.empty()) return {};
  const auto transform = [lambda](double v) { return yeo_johnson(v, lambda); };
  const Standardisation standardise(y.unaryExpr(transform));
  return {standardise(errors.below.unaryExpr(transform)),
          standardise(errors.above.unaryExpr(transform))};
}

double choose_lambda(const TrainingData& data, const Hyperparameters& hyperparameters) {
  const Vector& y = data.z;
  const Eigen::Index n = y.size();
  const double signal = std::exp(hyperparameters.log_signal);
  Matrix factor;
  self_correlations(scale_columns(data.x, data.shape, hyperparameters.log_weights), signal, factor);
  factor.diagonal() += data.noise_variances(std::exp(hyperparameters.log_noise));
  cholesky_with_jitter(factor, signal);

  // The transform's derivative is (1 + |y|)^±(λ − 1), the sign that of y; standardising divides it
  // by the deviation.
  Matrix solved(n, lambda_count + 1);
  Vector log_jacobian(lambda_count);
  double slope_sum = 0;
  for (Eigen::Index i = 0; i < n; ++i) slope_sum += std::copysign(std::log1p(std::abs(y[i])), y[i]);
  for (int k = 0; k < lambda_count; ++k) {
    const double lambda = lambda_lowest + lambda_step * k;
    Vector z(n);
    for (Eigen::Index i = 0; i < n; ++i) z[i] = yeo_johnson(y[i], lambda);
    const double deviation =
        std::sqrt((z.array() - z.mean()).square().sum() / static_cast<double>(n));
    log_jacobian[k] = deviation > 0
                          ? (lambda - 1) * slope_sum - static_cast<double>(n) * std::log(deviation)
                          : -1e300;
    solved.col(k) = standardised(z);
  }
  solved.col(lambda_count).setOnes();
  solve_lower(factor, solved);
  const auto ones = solved.col(lambda_count);
  const double ridge = ones.squaredNorm() + 1;
  // At the most probable m, (z − m)ᵀC⁻¹(z − m) + m² = zᵀC⁻¹z − (1ᵀC⁻¹z)²/(1ᵀC⁻¹1 + 1); ln |C| and
  // 2π are the same for every λ.
  Vector score(lambda_count);
  for (int k = 0; k < lambda_count; ++k) {
    const double along = ones.dot(solved.col(k));
    score[k] = -0.5 * (solved.col(k).squaredNorm() - along * along / ridge) + log_jacobian[k];
  }
  Eigen::Index best = 0;
  score.maxCoeff(&best);
  double offset = 0;
  if (best > 0 && best + 1 < lambda_count) {
    const double bend = score[best - 1] - 2 * score[best] + score[best + 1];
    if (bend < 0) offset = 0.5 * (score[best - 1] - score[best + 1]) / bend;
  }
  return lambda_lowest + lambda_step * (static_cast<double>(best) + std::clamp(offset, -0.5, 0.5));
}

}  // namespace tunesmith
