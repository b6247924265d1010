#include "surrogate/lbfgsb.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tunesmith {
namespace {

constexpr double armijo = 1e-4;
constexpr int max_backtracks = 20;

}  // namespace

BoundedLbfgs::BoundedLbfgs(const Vector& start, Vector lower, Vector upper,
                           const LbfgsOptions& options)
    : lower_(std::move(lower)), upper_(std::move(upper)), options_(options) {
  x_ = start.cwiseMax(lower_).cwiseMin(upper_);
  trial_ = x_;
  value_ = std::numeric_limits<double>::infinity();
}

bool BoundedLbfgs::is_free(Eigen::Index i, const Vector& gradient) const {
  return !(x_[i] <= lower_[i] && gradient[i] > 0) && !(x_[i] >= upper_[i] && gradient[i] < 0);
}

void BoundedLbfgs::tell(double value, const Vector& gradient) {
  ++evaluations_;
  const bool usable = std::isfinite(value) && gradient.allFinite();
  if (!started_) {
    started_ = true;
    if (!usable) {
      finished_ = true;
      return;
    }
    value_ = value;
    gradient_ = gradient;
    choose_direction();
    return;
  }
  const double slope = gradient_.dot(trial_ - x_);
  if (usable && value <= value_ + armijo * slope) {
    accept(value, gradient);
    return;
  }
  ++backtracks_;
  if (evaluations_ >= options_.max_evaluations) {
    finished_ = true;
    return;
  }
  if (backtracks_ >= max_backtracks) {
    if (steps_.empty()) {
      finished_ = true;
      return;
    }
    steps_.clear();
    changes_.clear();
    choose_direction();
    return;
  }
  double shrink = 0.1;
  if (usable) {
    // Minimum of the parabola through both values and the slope.
    const double curvature = value - value_ - slope;
    if (curvature > 0) shrink = std::clamp(-0.5 * slope / curvature, 0.1, 0.5);
  }
  step_ *= shrink;
  propose();
}

void BoundedLbfgs::accept(double value, const Vector& gradient) {
  Vector step = trial_ - x_;
  Vector change = gradient - gradient_;
  if (step.dot(change) > 1e-10 * step.norm() * change.norm()) {
    if (steps_.size() == static_cast<std::size_t>(options_.memory)) {
      steps_.erase(steps_.begin());
      changes_.erase(changes_.begin());
    }
    steps_.push_back(std::move(step));
    changes_.push_back(std::move(change));
  }
  const double gain = value_ - value;
  x_ = trial_;
  value_ = value;
  gradient_ = gradient;
  if (gain <= options_.value_tolerance * std::max(1.0, std::abs(value)) ||
      evaluations_ >= options_.max_evaluations) {
    finished_ = true;
    return;
  }
  choose_direction();
}

void BoundedLbfgs::choose_direction() {
  backtracks_ = 0;
  Vector mask(x_.size());
  double largest = 0;
  for (Eigen::Index i = 0; i < x_.size(); ++i) {
    mask[i] = is_free(i, gradient_) ? 1.0 : 0.0;
    const double move = std::clamp(x_[i] - gradient_[i], lower_[i], upper_[i]) - x_[i];
    largest = std::max(largest, std::abs(move));
  }
  if (largest <= options_.gradient_tolerance || evaluations_ >= options_.max_evaluations) {
    finished_ = true;
    return;
  }
  const Vector reduced = gradient_.cwiseProduct(mask);
  Vector q = reduced;
  std::vector<double> rho(steps_.size());
  std::vector<double> a(steps_.size());
  double scale = 0;
  for (std::size_t k = steps_.size(); k-- > 0;) {
    const double curvature = steps_[k].cwiseProduct(mask).dot(changes_[k]);
    const double squared = changes_[k].cwiseProduct(mask).squaredNorm();
    rho[k] = curvature > 1e-14 * squared && squared > 0 ? 1 / curvature : 0;
    if (rho[k] == 0) continue;
    if (scale == 0) scale = curvature / squared;
    a[k] = rho[k] * steps_[k].dot(q);
    q -= a[k] * changes_[k].cwiseProduct(mask);
  }
  step_ = 1;
  if (scale > 0) {
    q *= scale;
    for (std::size_t k = 0; k < steps_.size(); ++k) {
      if (rho[k] == 0) continue;
      const double b = rho[k] * changes_[k].dot(q);
      q += (a[k] - b) * steps_[k].cwiseProduct(mask);
    }
    direction_ = -q;
  }
  if (scale == 0 || !direction_.allFinite() || direction_.dot(reduced) >= 0) {
    direction_ = -reduced;
    step_ = std::min(1.0, options_.first_step / reduced.norm());
  }
  propose();
}

void BoundedLbfgs::propose() {
  trial_ = (x_ + step_ * direction_).cwiseMax(lower_).cwiseMin(upper_);
}

}  // namespace tunesmith
