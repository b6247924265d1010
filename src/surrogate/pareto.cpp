#include "surrogate/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tunesmith {
namespace {

constexpr double margin = 0.1;

// Lexicographic, larger first: a point can be dominated only by earlier ones.
std::vector<Eigen::Index> sorted_rows(const Matrix& points) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(points.rows()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
    for (Eigen::Index k = 0; k < points.cols(); ++k)
      if (points(a, k) != points(b, k)) return points(a, k) > points(b, k);
    return false;
  });
  return order;
}

bool covers(const Matrix& points, Eigen::Index a, Eigen::Index b) {
  for (Eigen::Index k = 0; k < points.cols(); ++k)
    if (points(a, k) < points(b, k)) return false;
  return true;
}

Vector ranges(const Matrix& points) {
  if (points.rows() == 0) return Vector::Zero(points.cols());
  return (points.colwise().maxCoeff() - points.colwise().minCoeff()).transpose();
}

}  // namespace

std::vector<int> non_dominated_layers(const Matrix& points) {
  std::vector<int> layer(static_cast<std::size_t>(points.rows()), 0);
  std::vector<std::vector<Eigen::Index>> members;
  for (const Eigen::Index row : sorted_rows(points)) {
    const auto dominated_in = [&](const std::vector<Eigen::Index>& group) {
      return std::any_of(group.rbegin(), group.rend(), [&](Eigen::Index other) {
        return covers(points, other, row) && points.row(other) != points.row(row);
      });
    };
    // What dominates in a layer is dominated by the layers before: a bisection finds the first that
    // does not.
    const auto free = std::partition_point(members.begin(), members.end(), dominated_in);
    layer[static_cast<std::size_t>(row)] = static_cast<int>(free - members.begin());
    if (free == members.end())
      members.push_back({row});
    else
      free->push_back(row);
  }
  return layer;
}

std::vector<Eigen::Index> non_dominated_rows(const Matrix& points) {
  std::vector<Eigen::Index> front;
  for (const Eigen::Index row : sorted_rows(points))
    if (std::none_of(front.rbegin(), front.rend(),
                     [&](Eigen::Index other) { return covers(points, other, row); }))
      front.push_back(row);
  std::sort(front.begin(), front.end());
  return front;
}

std::vector<Eigen::Index> covering_rows(const Matrix& points, Eigen::Index limit) {
  std::vector<Eigen::Index> chosen;
  const Vector scale = ranges(points).unaryExpr([](double r) { return r > 0 ? 1 / r : 0.0; });
  const Matrix scaled = points * scale.asDiagonal();
  Vector distance = Vector::Constant(points.rows(), std::numeric_limits<double>::infinity());
  const auto choose = [&](Eigen::Index row) {
    chosen.push_back(row);
    distance = distance.cwiseMin((scaled.rowwise() - scaled.row(row)).rowwise().squaredNorm());
    distance[row] = -1;
  };
  limit = std::min(limit, points.rows());
  while (static_cast<Eigen::Index>(chosen.size()) < limit) {
    const auto count = static_cast<Eigen::Index>(chosen.size());
    Eigen::Index next = 0;
    if (count < points.cols()) points.col(count).maxCoeff(&next);
    if (count >= points.cols() || distance[next] < 0) distance.maxCoeff(&next);
    choose(next);
  }
  return chosen;
}

Vector inferred_reference(const Matrix& points, const Matrix& all) {
  const Vector own = ranges(points);
  const Vector whole = ranges(all);
  Vector reference = points.colwise().minCoeff().transpose();
  for (Eigen::Index k = 0; k < reference.size(); ++k) {
    const double least = margin * (whole[k] > 0 ? whole[k] : 1.0);
    reference[k] -= margin * std::max(own[k], least);
  }
  return reference;
}

}  // namespace tunesmith
