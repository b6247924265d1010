#include "surrogate/input_warp.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tunesmith {
namespace {

// Slopes at the very ends may be 0 or infinite.
constexpr double end = 1e-9;

bool is_straight(const InputWarp::Bend& bend) { return bend == InputWarp::Bend{}; }

}  // namespace

InputWarp::InputWarp(std::vector<Bend> bends) : bends_(std::move(bends)) {
  if (std::all_of(bends_.begin(), bends_.end(), is_straight)) bends_.clear();
}

Matrix InputWarp::operator()(const Matrix& points) const {
  Matrix bent = points;
  for (std::size_t c = 0; c < bends_.size(); ++c) {
    if (is_straight(bends_[c])) continue;
    const double a = std::pow(step, bends_[c].first);
    const double b = std::pow(step, bends_[c].second);
    for (double& u : bent.col(static_cast<Eigen::Index>(c)))
      u = 1 - std::pow(1 - std::pow(std::clamp(u, 0.0, 1.0), a), b);
  }
  return bent;
}

Matrix InputWarp::slopes(const Matrix& points) const {
  Matrix slopes = Matrix::Ones(points.rows(), points.cols());
  for (std::size_t c = 0; c < bends_.size(); ++c) {
    if (is_straight(bends_[c])) continue;
    const auto column = static_cast<Eigen::Index>(c);
    const double a = std::pow(step, bends_[c].first);
    const double b = std::pow(step, bends_[c].second);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      const double u = std::clamp(points(i, column), end, 1 - end);
      const double power = std::pow(u, a);
      slopes(i, column) = b * std::pow(1 - power, b - 1) * a * power / u;
    }
  }
  return slopes;
}

}  // namespace tunesmith
