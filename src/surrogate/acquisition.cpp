#include "surrogate/acquisition.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>

namespace tunesmith {
namespace {

using Policy = boost::math::policies::policy<
    boost::math::policies::promote_double<false>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>>;

constexpr double half_log_two_pi = 0.91893853320467274178;
constexpr double root_half_pi = 1.2533141373155002512;
constexpr double root_half = 0.70710678118654752440;

double log_density(double u) { return -0.5 * u * u - half_log_two_pi; }

double erfc(double x) { return boost::math::erfc(x, Policy()); }

// Below this, Φ/φ comes from its asymptotic series rather than from erfc.
constexpr double series_from = -20;

// 1 − |u|·Φ(u)/φ(u) for u ≤ series_from, from Φ(u)/φ(u) ~ (1 − 1/u² + 3/u⁴ − …)/|u| (Abramowitz &
// Stegun 26.2.12).
double one_minus_mills(double u) {
  const double i = 1 / (u * u);
  return i * (1 - i * (3 - i * (15 - i * (105 - i * 945))));
}

// Combines per-fantasy logarithms and their derivatives into the logarithm of the mean.
template <typename Term>
AcquisitionValues average(const Matrix& mean, const Vector& deviation, Term term) {
  const Eigen::Index q = mean.rows();
  const Eigen::Index fantasies = mean.cols();
  AcquisitionValues out{Vector(q), Matrix(q, fantasies), Vector(q)};
  Vector value(fantasies);
  Vector by_mean(fantasies);
  Vector by_deviation(fantasies);
  for (Eigen::Index i = 0; i < q; ++i) {
    for (Eigen::Index j = 0; j < fantasies; ++j)
      value[j] = term(mean(i, j), deviation[i], j, by_mean[j], by_deviation[j]);
    const double largest = value.maxCoeff();
    const Vector share = (value.array() - largest).exp();
    const double sum = share.sum();
    out.value[i] = largest + std::log(sum / static_cast<double>(fantasies));
    out.by_mean.row(i) = share.cwiseProduct(by_mean).transpose() / sum;
    out.by_deviation[i] = share.dot(by_deviation) / sum;
  }
  return out;
}

}  // namespace

LogH log_h(double u) {
  if (u > -1) {
    const double density = std::exp(log_density(u));
    const double distribution = 0.5 * erfc(-u * root_half);
    const double h = density + u * distribution;
    return {std::log(h), density / h, distribution / h};
  }
  const double a = -u;
  double mills = 0;
  double remainder = 0;
  if (u > series_from) {
    mills = root_half_pi * std::exp(0.5 * u * u) * erfc(a * root_half);
    remainder = 1 - a * mills;
  } else {
    // Beyond 1e150 the square overflows; nothing there can matter.
    const double v = std::max(u, -1e150);
    remainder = one_minus_mills(v);
    mills = (1 - remainder) / -v;
    u = v;
  }
  return {log_density(u) + std::log(remainder), 1 / remainder, mills / remainder};
}

LogPhi log_normal_distribution(double u) {
  if (u > series_from) {
    const double distribution = 0.5 * erfc(-u * root_half);
    return {u > 0 ? std::log1p(-0.5 * erfc(u * root_half)) : std::log(distribution),
            std::exp(log_density(u)) / distribution};
  }
  const double v = std::max(u, -1e150);
  const double mills = (1 - one_minus_mills(v)) / -v;
  return {log_density(v) + std::log(mills), 1 / mills};
}

AcquisitionValues log_expected_improvement(const Matrix& mean, const Vector& deviation,
                                           const Vector& incumbents) {
  return average(mean, deviation,
                 [&](double m, double s, Eigen::Index j, double& by_mean, double& by_deviation) {
                   // With h' = Φ and h − u·Φ = φ.
                   const LogH h = log_h((m - incumbents[j]) / s);
                   by_mean = h.distribution_ratio / s;
                   by_deviation = h.density_ratio / s;
                   return std::log(s) + h.value;
                 });
}

AcquisitionValues log_probability_above(const Matrix& mean, const Vector& deviation,
                                        double threshold) {
  return average(mean, deviation,
                 [&](double m, double s, Eigen::Index, double& by_mean, double& by_deviation) {
                   const double u = (m - threshold) / s;
                   const LogPhi phi = log_normal_distribution(u);
                   by_mean = phi.density_ratio / s;
                   by_deviation = -phi.density_ratio * u / s;
                   return phi.value;
                 });
}

}  // namespace tunesmith
