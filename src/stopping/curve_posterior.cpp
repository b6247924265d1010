#include "stopping/curve_posterior.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace tunesmith {
namespace {

constexpr std::array powers = {0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0};
/// How many times e the part that is still to come shrinks until the end.
constexpr std::array rates = {1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 35.0, 60.0};

/// Priors, in units of the values' range: the noise is about 0.02 (inverse gamma with shape 1), a
/// and b are 0 ± 3 at that noise.
constexpr double noise_shape = 1;
constexpr double noise = 0.02;
constexpr double noise_scale = noise_shape * noise * noise;
constexpr double precision = (noise / 3) * (noise / 3);

}  // namespace

CurvePosterior::CurvePosterior(double first, double second, double end)
    : first_(first),
      // Levels that begin at 0 or below are counted from 1.
      unit_(first > 0 ? first : second - first),
      end_(end),
      at_end_(basis(end)) {}

std::array<double, CurvePosterior::shapes> CurvePosterior::basis(double level) const {
  std::array<double, shapes> x{};
  const double log_time = std::log1p((level - first_) / unit_);
  const double way = (level - first_) / (end_ - first_);
  for (std::size_t i = 0; i < shapes_per_family; ++i) {
    x[i] = std::exp(-powers[i] * log_time);
    x[shapes_per_family + i] = std::exp(-rates[i] * way);
  }
  return x;
}

void CurvePosterior::add(double level, double value) {
  if (points_ == 0) origin_ = value;
  const double y = value - origin_;
  const std::array<double, shapes> x = basis(level);
  for (std::size_t i = 0; i < shapes; ++i) {
    sums_[i].x += x[i];
    sums_[i].xx += x[i] * x[i];
    sums_[i].xy += x[i] * y;
  }
  lowest_ = std::min(lowest_, y);
  highest_ = std::max(highest_, y);
  y_ += y;
  yy_ += y * y;
  ++points_;
}

CurvePosterior::Fit CurvePosterior::fit(const Sums& sums, double x_at_end, double scale,
                                        double bar) const {
  // Posterior precision of (a, b) in units of the noise's variance, and its inverse.
  const double aa = points_ + precision;
  const double ab = sums.x;
  const double bb = sums.xx + precision;
  const double determinant = aa * bb - ab * ab;
  const double y = y_ / scale;
  const double xy = sums.xy / scale;
  const double a = (bb * y - ab * xy) / determinant;
  const double b = (aa * xy - ab * y) / determinant;
  const double shape = noise_shape + points_ / 2.0;
  const double left = yy_ / scale / scale - a * y - b * xy;
  const double spread = noise_scale + std::max(0.0, left) / 2;
  const double at_end =
      (bb - 2 * ab * x_at_end + aa * x_at_end * x_at_end) / determinant;  // (1, x) V (1, x)ᵀ
  const double deviation = std::sqrt(spread / shape * (1 + at_end));
  const double t = (bar - a - b * x_at_end) / deviation;
  if (!std::isfinite(t)) return {.log_evidence = 0, .probability = std::nan("")};
  return {.log_evidence = -std::log(determinant) / 2 - shape * std::log(spread),
          .probability = boost::math::cdf(boost::math::students_t(2 * shape), t)};
}

double CurvePosterior::probability_below(double bar) const {
  const double range = highest_ - lowest_;
  // A curve that has not moved says nothing about its scale but what its size does.
  const double scale = range > 0 ? range : std::max(std::abs(origin_), 1e-300);
  std::array<Fit, shapes> fits;
  double most = -HUGE_VAL;
  for (std::size_t i = 0; i < shapes; ++i) {
    fits[i] = fit(sums_[i], at_end_[i], scale, (bar - origin_) / scale);
    most = std::max(most, fits[i].log_evidence);
  }
  double weights = 0;
  double probability = 0;
  for (const Fit& one : fits) {
    const double weight = std::exp(one.log_evidence - most);
    weights += weight;
    probability += weight * one.probability;
  }
  return probability / weights;
}

}  // namespace tunesmith
