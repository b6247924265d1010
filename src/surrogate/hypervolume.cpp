#include "surrogate/hypervolume.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <vector>

#include "surrogate/pareto.hpp"

namespace tunesmith {
namespace {

// Points here are offsets from the reference, all positive; in the sweeps and beyond they are
// sorted by the last objective.

std::vector<Eigen::Index> by_last(const Matrix& points) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(points.rows()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Eigen::Index>(i);
  const Eigen::Index last = points.cols() - 1;
  std::stable_sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
    return points(a, last) < points(b, last);
  });
  return order;
}

// The union of rectangles [0, x] × [0, y], as a staircase that only grows.
class Staircase {
 public:
  double area() const { return area_; }

  void add(double x, double y) {
    auto right = heights_.lower_bound(x);
    double height = right == heights_.end() ? 0 : right->second;
    if (height >= y) return;
    if (right != heights_.end() && right->first == x) right = std::next(right);
    auto left = heights_.lower_bound(x);
    double edge = x;
    while (true) {
      const bool at_start = left == heights_.begin();
      const double next_edge = at_start ? 0 : std::prev(left)->first;
      area_ += (edge - next_edge) * (y - height);
      if (at_start || std::prev(left)->second >= y) break;
      left = std::prev(left);
      edge = next_edge;
      height = left->second;
    }
    heights_.erase(left, right);
    heights_.emplace(x, y);
  }

 private:
  /// Right edge of a step to its height; heights fall.
  std::map<double, double> heights_;
  double area_ = 0;
};

double swept_area(const Matrix& points) {
  double area = 0;
  double widest = 0;
  const std::vector<Eigen::Index> order = by_last(points);
  for (auto row = order.rbegin(); row != order.rend(); ++row) {
    widest = std::max(widest, points(*row, 0));
    const double below = std::next(row) == order.rend() ? 0 : points(*std::next(row), 1);
    area += widest * (points(*row, 1) - below);
  }
  return area;
}

double swept_volume(const Matrix& points) {
  double volume = 0;
  Staircase section;
  const std::vector<Eigen::Index> order = by_last(points);
  for (auto row = order.rbegin(); row != order.rend(); ++row) {
    section.add(points(*row, 0), points(*row, 1));
    const double below = std::next(row) == order.rend() ? 0 : points(*std::next(row), 2);
    volume += section.area() * (points(*row, 2) - below);
  }
  return volume;
}

double volume_of(const Matrix& points) {
  if (points.rows() == 0) return 0;
  if (points.cols() == 1) return points.maxCoeff();
  if (points.cols() == 2) return swept_area(points);
  if (points.cols() == 3) return swept_volume(points);
  const Eigen::Index last = points.cols() - 1;
  const Matrix front = points(by_last(points), Eigen::all);
  double volume = 0;
  for (Eigen::Index i = 0; i < front.rows(); ++i) {
    // What follows reaches at least as far in the last objective: there the exclusive part is a
    // prism.
    const auto base = front.row(i).head(last);
    const Matrix shared = front.bottomRows(front.rows() - i - 1)
                              .leftCols(last)
                              .cwiseMin(base.replicate(front.rows() - i - 1, 1));
    const double covered = volume_of(shared(non_dominated_rows(shared), Eigen::all));
    volume += front(i, last) * (base.prod() - covered);
  }
  return volume;
}

}  // namespace

double hypervolume(const Matrix& points, const Vector& reference) {
  const Matrix offsets = points.rowwise() - reference.transpose();
  std::vector<Eigen::Index> above;
  for (Eigen::Index i = 0; i < offsets.rows(); ++i)
    if (offsets.row(i).minCoeff() > 0) above.push_back(i);
  return volume_of(offsets(above, Eigen::all));
}

}  // namespace tunesmith
