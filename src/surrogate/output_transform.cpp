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

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

// Compresses the bad tail of values with median 0 and magnitude at most 1.
void compress_tail(std::vector<double>& values) {
  double sum = 0;
  std::size_t count = 0;
  for (double v : values) {
    if (v < 0) continue;
    sum += v * v;
    ++count;
  }
  const double spread = std::sqrt(sum / static_cast<double>(count));
  if (spread == 0) return;
  const double cut = -tail_deviations * spread;
  for (double& v : values)
    if (v < cut) v = cut - spread * std::log1p((cut - v) / spread);
}

}  // namespace

Vector standardised(const Vector& values) {
  if (values.size() == 0) return values;
  const Vector centred = values.array() - values.mean();
  const double deviation = std::sqrt(centred.squaredNorm() / static_cast<double>(values.size()));
  const double magnitude = values.cwiseAbs().maxCoeff();
  if (!(deviation > flat * magnitude)) return Vector::Zero(values.size());
  return centred / deviation;
}

ConditionedOutputs condition_outputs(std::span<const double> values) {
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
  if (out.informative) compress_tail(finite);

  const auto [worst, best] = std::minmax_element(finite.begin(), finite.end());
  const double failed = *worst - (out.informative ? 0.25 * (*best - *worst) : 1.0);
  std::size_t next = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    out.z[static_cast<Eigen::Index>(i)] = std::isfinite(values[i]) ? finite[next++] : failed;
  out.z = standardised(out.z);
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
  Vector out(y.size());
  for (Eigen::Index i = 0; i < y.size(); ++i) out[i] = yeo_johnson(y[i], lambda);
  return standardised(out);
}

double choose_lambda(const KernelShape& shape, const Matrix& x, const Vector& y,
                     const Hyperparameters& hyperparameters) {
  const Eigen::Index n = y.size();
  const double signal = std::exp(hyperparameters.log_signal);
  Matrix factor;
  self_correlations(scale_columns(x, shape, hyperparameters.log_weights), signal, factor);
  factor.diagonal().array() += std::exp(hyperparameters.log_noise);
  cholesky_with_jitter(factor, signal);

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
