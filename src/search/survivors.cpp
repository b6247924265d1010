#include "search/survivors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tunesmith {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// From so many objectives on most trials are on the first front, and crowding says little.
constexpr std::size_t many_objectives = 4;

/// Objectives with the ideal point at 0 and the intercepts of the hyperplane through the extreme
/// points at 1; one column per member. Scaled down first: differences of 1e300 and −1e300 are none.
Matrix normalised(const std::vector<TrialOutcome>& outcomes,
                  const std::vector<std::size_t>& members) {
  const auto m = static_cast<Eigen::Index>(outcomes[members[0]].objectives.size());
  const auto n = static_cast<Eigen::Index>(members.size());
  Matrix values(m, n);
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index k = 0; k < m; ++k) {
      values(k, j) =
          outcomes[members[static_cast<std::size_t>(j)]].objectives[static_cast<std::size_t>(k)] /
          2;
    }
  }
  for (Eigen::Index k = 0; k < m; ++k) {
    values.row(k).array() -= values.row(k).minCoeff();
    const double extent = values.row(k).maxCoeff();
    if (extent > 0) values.row(k) /= extent;
  }
  // The member nearest to each axis, by the achievement function max f_i / w_i.
  Matrix extremes(m, m);
  for (Eigen::Index k = 0; k < m; ++k) {
    Vector weights = Vector::Constant(m, 1e-6);
    weights(k) = 1;
    Eigen::Index nearest = 0;
    double least = infinity;
    for (Eigen::Index j = 0; j < n; ++j) {
      const double achievement = values.col(j).cwiseQuotient(weights).maxCoeff();
      if (achievement < least) {
        least = achievement;
        nearest = j;
      }
    }
    extremes.row(k) = values.col(nearest).transpose();
  }
  const Vector plane = extremes.fullPivLu().solve(Vector::Ones(m));
  const bool exact = (extremes * plane - Vector::Ones(m)).cwiseAbs().maxCoeff() < 1e-6;
  // Where the extreme points span no hyperplane the extents of the values, 1, stay.
  if (exact && plane.minCoeff() > 1e-6) {
    for (Eigen::Index k = 0; k < m; ++k) values.row(k) *= plane(k);
  }
  return values;
}

struct Niche {
  Eigen::Index point = 0;
  double distance = infinity;
};

/// The reference line through 0 nearest to each column.
std::vector<Niche> niches_of(const Matrix& values, const Matrix& points) {
  std::vector<Niche> niches(static_cast<std::size_t>(values.cols()));
  for (Eigen::Index j = 0; j < values.cols(); ++j) {
    Niche& niche = niches[static_cast<std::size_t>(j)];
    for (Eigen::Index p = 0; p < points.cols(); ++p) {
      const Vector direction = points.col(p).normalized();
      const Vector along = direction * direction.dot(values.col(j));
      const double distance = (values.col(j) - along).norm();
      if (distance < niche.distance) niche = {.point = p, .distance = distance};
    }
  }
  return niches;
}

/// Of `last` those that make `count` together with `kept`, one niche after the other, the emptiest
/// first.
std::vector<std::size_t> fill_niches(const std::vector<TrialOutcome>& outcomes,
                                     const std::vector<std::size_t>& kept,
                                     const std::vector<std::size_t>& last, std::size_t count) {
  std::vector<std::size_t> members = kept;
  members.insert(members.end(), last.begin(), last.end());
  const auto objectives = static_cast<int>(outcomes[members[0]].objectives.size());
  const Matrix points = reference_points(objectives, divisions_for(objectives, count));
  const std::vector<Niche> niches = niches_of(normalised(outcomes, members), points);
  std::vector<int> crowd(static_cast<std::size_t>(points.cols()), 0);
  for (std::size_t i = 0; i < kept.size(); ++i) ++crowd[static_cast<std::size_t>(niches[i].point)];
  std::vector<std::size_t> left(last.size());
  std::iota(left.begin(), left.end(), kept.size());
  std::vector<std::size_t> chosen;
  while (kept.size() + chosen.size() < count) {
    const auto better = [&](std::size_t a, std::size_t b) {
      const int crowd_a = crowd[static_cast<std::size_t>(niches[a].point)];
      const int crowd_b = crowd[static_cast<std::size_t>(niches[b].point)];
      return crowd_a != crowd_b ? crowd_a < crowd_b : niches[a].distance < niches[b].distance;
    };
    const auto next = std::min_element(left.begin(), left.end(), better);
    ++crowd[static_cast<std::size_t>(niches[*next].point)];
    chosen.push_back(members[*next]);
    left.erase(next);
  }
  return chosen;
}

void add_points(Matrix& points, Eigen::Index& column, Vector& point, Eigen::Index k, int left,
                int divisions) {
  if (k + 1 == point.size()) {
    point(k) = static_cast<double>(left) / divisions;
    points.col(column++) = point;
    return;
  }
  for (int i = 0; i <= left; ++i) {
    point(k) = static_cast<double>(i) / divisions;
    add_points(points, column, point, k + 1, left - i, divisions);
  }
}

/// (divisions + objectives − 1 choose divisions).
double count_points(int objectives, int divisions) {
  double count = 1;
  for (int i = 1; i <= divisions; ++i) count = count * (objectives - 1 + i) / i;
  return count;
}

}  // namespace

Matrix reference_points(int objectives, int divisions) {
  const double count = count_points(objectives, divisions);
  Matrix points(objectives, static_cast<Eigen::Index>(std::lround(count)));
  Vector point(objectives);
  Eigen::Index column = 0;
  add_points(points, column, point, 0, divisions, divisions);
  return points;
}

int divisions_for(int objectives, std::size_t most) {
  int divisions = 1;
  while (count_points(objectives, divisions + 1) <= static_cast<double>(most)) ++divisions;
  return divisions;
}

std::vector<std::size_t> survivors(const std::vector<TrialOutcome>& outcomes, std::size_t count) {
  std::vector<std::size_t> kept;
  const std::vector<int> fronts = front_numbers(outcomes);
  for (int number = 0; kept.size() < std::min(count, outcomes.size()); ++number) {
    std::vector<std::size_t> front;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (fronts[i] == number) front.push_back(i);
    }
    if (front.empty()) continue;
    if (kept.size() + front.size() > count) {
      const TrialOutcome& first = outcomes[front[0]];
      if (first.is_feasible() && first.objectives.size() >= many_objectives) {
        front = fill_niches(outcomes, kept, front, count);
      } else {
        std::vector<TrialOutcome> part;
        for (const std::size_t i : front) part.push_back(outcomes[i]);
        std::vector<std::size_t> order = rank(part).order;
        order.resize(count - kept.size());
        for (std::size_t& i : order) i = front[i];
        front = std::move(order);
      }
    }
    kept.insert(kept.end(), front.begin(), front.end());
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

}  // namespace tunesmith
