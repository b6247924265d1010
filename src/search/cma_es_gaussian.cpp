#include "search/cma_es_gaussian.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/random.hpp"

namespace tunesmith {
namespace {

/// Smallest ratio of eigenvalues and smallest deviation in the unit cube, as in Hansen's `cma`.
constexpr double worst_condition = 1e14;
constexpr double smallest_deviation = 1e-12;
/// The cube's own width: with more, reflected draws are all but uniform.
constexpr double largest_deviation = 1;

double normal_tail(double x) { return std::erfc(x / std::sqrt(2.0)) / 2; }

}  // namespace

CmaEsGaussian::CmaEsGaussian(const CmaEsAxes& axes, Vector mean, const Matrix& covariance)
    : axes_(&axes),
      mean_(std::move(mean)),
      covariance_(covariance),
      scales_(Vector::Ones(mean_.size())),
      sigma_path_(Vector::Zero(mean_.size())),
      covariance_path_(Vector::Zero(mean_.size())) {
  decompose();
  if (mean_.size() == 0) return;
  sigma_ = std::exp(roots_.array().log().mean());
  covariance_ /= sigma_ * sigma_;
  roots_ /= sigma_;
}

void CmaEsGaussian::decompose() {
  since_decomposition_ = 0;
  if (mean_.size() == 0) return;
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(covariance_);
  basis_ = solver.eigenvectors();
  const double largest = solver.eigenvalues().maxCoeff();
  roots_ = solver.eigenvalues().cwiseMax(largest / worst_condition).cwiseSqrt();
}

Vector CmaEsGaussian::sample(RandomStream& stream) const {
  Vector z(mean_.size());
  for (Eigen::Index i = 0; i < z.size(); ++i) z(i) = roots_(i) * stream.normal();
  return mean_ + sigma_ * scales_.cwiseProduct(basis_ * z);
}

Vector CmaEsGaussian::whitened(const Vector& y) const {
  const Vector turned = (basis_.transpose() * y).cwiseQuotient(roots_);
  return basis_ * turned;
}

void CmaEsGaussian::update(const std::vector<Member>& ranked, const CmaEsWeights& weights) {
  const Eigen::Index n = mean_.size();
  if (n == 0) return;
  ++updates_;
  const auto members = static_cast<Eigen::Index>(ranked.size());
  const auto dimension = static_cast<double>(n);
  const double clip = std::sqrt(dimension) + 2 * dimension / (dimension + 2);
  Matrix steps(n, members);
  Vector outer(members);  // weights of y yᵀ
  for (Eigen::Index i = 0; i < members; ++i) {
    const Member& member = ranked[static_cast<std::size_t>(i)];
    steps.col(i) = (member.x - mean_).cwiseQuotient(sigma_ * scales_);
    double norm = whitened(steps.col(i)).norm();
    if (member.foreign && norm > clip) {
      steps.col(i) *= clip / norm;
      norm = clip;
    }
    const double weight = weights.covariance(i);
    outer(i) = weight >= 0 ? weight : weight * dimension / std::max(norm * norm, 1e-300);
  }
  const Vector step = steps * weights.recombination;
  mean_ += sigma_ * scales_.cwiseProduct(step);

  const double c_sigma = weights.c_sigma;
  sigma_path_ = (1 - c_sigma) * sigma_path_ +
                std::sqrt(c_sigma * (2 - c_sigma) * weights.mu_eff) * whitened(step);
  const double length = sigma_path_.norm();
  const double usual = expected_norm(n);
  const double faded = 1 - std::pow(1 - c_sigma, 2.0 * updates_);
  const bool stalled = length / std::sqrt(faded) >= (1.4 + 2 / (dimension + 1)) * usual;

  covariance_path_ *= 1 - weights.c_c;
  if (!stalled) {
    covariance_path_ += std::sqrt(weights.c_c * (2 - weights.c_c) * weights.mu_eff) * step;
  }
  const double lost = stalled ? weights.c_c * (2 - weights.c_c) : 0;
  covariance_ *= 1 + weights.c_1 * lost - weights.c_1 - weights.c_mu * weights.covariance.sum();
  covariance_ += weights.c_1 * covariance_path_ * covariance_path_.transpose();
  covariance_ += weights.c_mu * steps * outer.asDiagonal() * steps.transpose();
  covariance_ = (covariance_ + covariance_.transpose()).eval() / 2;

  sigma_ *= std::exp(std::min(1.0, c_sigma / weights.d_sigma * (length / usual - 1)));
  // Decomposing takes O(n³): once in so many generations that the rest outweighs it.
  if (++since_decomposition_ >= 1 / (10 * dimension * (weights.c_1 + weights.c_mu))) decompose();
  for (Eigen::Index i = 0; i < n; ++i) {
    if (axes_->numbers()[static_cast<std::size_t>(i)].values > 0) continue;
    if (deviation(i) > largest_deviation) sigma_ *= largest_deviation / deviation(i);
  }
}

void CmaEsGaussian::keep_margin(double alpha) {
  for (Eigen::Index i = 0; i < mean_.size(); ++i) {
    const CmaEsAxes::Number& number = axes_->numbers()[static_cast<std::size_t>(i)];
    if (number.values == 0) continue;
    const CmaEsAxes::Cell cell = CmaEsAxes::cell_of(number, mean_(i));
    const double deviation = this->deviation(i);
    if (!std::isfinite(cell.low) || !std::isfinite(cell.high)) {
      // An end of the range has one neighbour: the mean moves towards it.
      const double limit = std::isfinite(cell.low) ? cell.low : cell.high;
      const double reach = -normal_quantile(alpha) * deviation;
      if (std::fabs(mean_(i) - limit) > reach) {
        mean_(i) = limit + std::copysign(reach, mean_(i) - limit);
      }
      continue;
    }
    const double below = normal_tail((mean_(i) - cell.low) / deviation);
    const double above = normal_tail((cell.high - mean_(i)) / deviation);
    if (below >= alpha / 2 && above >= alpha / 2) continue;
    const double inside = 1 - below - above;
    const double raised_below = std::max(below, alpha / 2);
    const double raised_above = std::max(above, alpha / 2);
    // What was raised is taken from all three in proportion to what they can spare.
    const double share = (1 - raised_below - raised_above - inside) /
                         (raised_below + raised_above + inside - 1.5 * alpha);
    const double to_low = -normal_quantile(raised_below + share * (raised_below - alpha / 2));
    const double to_high = -normal_quantile(raised_above + share * (raised_above - alpha / 2));
    mean_(i) = (cell.low * to_high + cell.high * to_low) / (to_low + to_high);
    scales_(i) *= (cell.high - cell.low) / (to_low + to_high) / deviation;
  }
}

double CmaEsGaussian::deviation(Eigen::Index i) const {
  return sigma_ * scales_(i) * std::sqrt(covariance_(i, i));
}

bool CmaEsGaussian::is_exhausted() const {
  if (mean_.size() == 0) return false;
  if (!std::isfinite(sigma_) || !mean_.allFinite() || !covariance_.allFinite()) return true;
  if (roots_.maxCoeff() / roots_.minCoeff() >= 0.99 * std::sqrt(worst_condition)) return true;
  bool any = false;
  for (Eigen::Index i = 0; i < mean_.size(); ++i) {
    if (axes_->numbers()[static_cast<std::size_t>(i)].values > 0) continue;
    any = true;
    if (deviation(i) > smallest_deviation) return false;
  }
  return any;
}

}  // namespace tunesmith
