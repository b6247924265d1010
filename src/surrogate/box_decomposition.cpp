#include "surrogate/box_decomposition.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "surrogate/pareto.hpp"

namespace tunesmith {
namespace {

// Everything is done on ranks: with ties broken by order the points are in general position, which
// the algorithm needs; boxes that are empty only for that are dropped at the end.
using Ranks = std::array<int, most_boxed_objectives>;

// A corner up to which no point is (smaller is better here), and the points that define it: point k
// gives coordinate k. −1: the outer bound does.
struct LocalBound {
  Ranks corner = {};
  Ranks definers = {-1, -1, -1, -1};
};

// All local upper bounds of `points` below `outer` (all of its coordinates).
std::vector<LocalBound> local_bounds(const std::vector<Ranks>& points, std::size_t objectives,
                                     int outer) {
  LocalBound all;
  all.corner.fill(outer);
  std::vector<LocalBound> bounds{all};
  std::vector<LocalBound> split;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Ranks& point = points[i];
    split.clear();
    std::erase_if(bounds, [&](const LocalBound& bound) {
      for (std::size_t k = 0; k < objectives; ++k)
        if (point[k] >= bound.corner[k]) return false;
      split.push_back(bound);
      return true;
    });
    for (const LocalBound& bound : split)
      for (std::size_t j = 0; j < objectives; ++j) {
        // Redundant unless each other definer stays inside the shrunk corner.
        bool needed = true;
        for (std::size_t k = 0; k < objectives; ++k)
          if (k != j && bound.definers[k] >= 0 &&
              points[static_cast<std::size_t>(bound.definers[k])][j] >= point[j])
            needed = false;
        if (!needed) continue;
        LocalBound next = bound;
        next.corner[j] = point[j];
        next.definers[j] = static_cast<int>(i);
        bounds.push_back(next);
      }
  }
  return bounds;
}

// order[i]: which value comes i-th.
template <typename Value>
std::vector<std::size_t> ascending(std::size_t count, const Value& value) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
  return order;
}

Matrix relevant(const Matrix& front, const Vector& reference) {
  std::vector<Eigen::Index> rows;
  for (const Eigen::Index row : non_dominated_rows(front))
    if ((front.row(row).transpose() - reference).minCoeff() > 0) rows.push_back(row);
  return front(rows, Eigen::all);
}

}  // namespace

BoxDecomposition non_dominated_boxes(const Matrix& front, const Vector& reference) {
  const Matrix points = relevant(front, reference);
  const auto objectives = static_cast<std::size_t>(reference.size());
  const auto count = static_cast<std::size_t>(points.rows());
  const int top = static_cast<int>(count) + 1;

  // Level 0 is the reference, level `top` infinity. Mirrored, smaller is better.
  BoxDecomposition out;
  std::vector<Ranks> mirrored(count, Ranks{});
  for (std::size_t k = 0; k < objectives; ++k) {
    const auto column = points.col(static_cast<Eigen::Index>(k));
    const auto order =
        ascending(count, [&](std::size_t i) { return column[static_cast<Eigen::Index>(i)]; });
    Vector levels(top + 1);
    levels[0] = reference[static_cast<Eigen::Index>(k)];
    levels[top] = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < count; ++i) {
      const int level = static_cast<int>(i) + 1;
      levels[level] = column[static_cast<Eigen::Index>(order[i])];
      mirrored[order[i]][k] = top - level;
    }
    out.levels.push_back(levels);
  }

  // The region is the union of the orthants above the bounds' corners: what those corners would
  // dominate if smaller were better.
  const std::vector<LocalBound> corners = local_bounds(mirrored, objectives, top);
  std::vector<Ranks> starts(corners.size(), Ranks{});
  std::vector<std::vector<int>> level_of(objectives);
  const int outer = static_cast<int>(corners.size()) + 1;
  for (std::size_t k = 0; k < objectives; ++k) {
    const auto order =
        ascending(corners.size(), [&](std::size_t i) { return top - corners[i].corner[k]; });
    level_of[k].push_back(0);
    for (std::size_t i = 0; i < order.size(); ++i) {
      starts[order[i]][k] = static_cast<int>(i) + 1;
      level_of[k].push_back(top - corners[order[i]].corner[k]);
    }
    level_of[k].push_back(top);
  }

  const auto level = [&](std::size_t k, int rank) {
    return level_of[k][static_cast<std::size_t>(rank)];
  };
  std::vector<Ranks> lower;
  std::vector<Ranks> upper;
  for (const LocalBound& bound : local_bounds(starts, objectives, outer)) {
    Ranks from{};
    Ranks to{};
    bool empty = bound.definers[0] < 0;
    for (std::size_t k = 0; k < objectives && !empty; ++k) {
      from[k] = k == 0 ? level(0, bound.corner[0]) : 0;
      to[k] = k == 0 ? top : level(k, bound.corner[k]);
      for (std::size_t j = 0; j < k; ++j)
        if (bound.definers[j] >= 0)
          from[k] =
              std::max(from[k], level(k, starts[static_cast<std::size_t>(bound.definers[j])][k]));
      empty = !(out.levels[k][from[k]] < out.levels[k][to[k]]);
    }
    if (empty) continue;
    lower.push_back(from);
    upper.push_back(to);
  }
  const auto matrix = [&](const std::vector<Ranks>& ranks) {
    Eigen::MatrixXi rows(static_cast<Eigen::Index>(ranks.size()), reference.size());
    for (Eigen::Index b = 0; b < rows.rows(); ++b)
      for (Eigen::Index k = 0; k < rows.cols(); ++k)
        rows(b, k) = ranks[static_cast<std::size_t>(b)][static_cast<std::size_t>(k)];
    return rows;
  };
  out.lower = matrix(lower);
  out.upper = matrix(upper);
  return out;
}

}  // namespace tunesmith
