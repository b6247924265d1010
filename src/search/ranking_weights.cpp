#include "search/ranking_weights.hpp"

#include <algorithm>
#include <cmath>

namespace tunesmith {
namespace {

constexpr Eigen::Index draws = 64;
constexpr Eigen::Index fewest_observations = 3;

/// Pairs that `drawn` puts in the other order; pairs of equal observations have none.
int misordered(const Vector& observed, const Vector& drawn) {
  int count = 0;
  for (Eigen::Index j = 0; j < observed.size(); ++j)
    for (Eigen::Index i = 0; i < j; ++i)
      if (observed[i] != observed[j] && (observed[i] < observed[j]) != (drawn[i] < drawn[j]))
        ++count;
  return count;
}

/// One standard deviation less than what a random order would misorder of these pairs: the number
/// of inversions has mean P/2 and variance n(n − 1)(2n + 5)/72 (Kendall, Biometrika 30, 1938).
double better_than_chance(const Vector& observed) {
  int pairs = 0;
  for (Eigen::Index j = 0; j < observed.size(); ++j)
    for (Eigen::Index i = 0; i < j; ++i) pairs += observed[i] != observed[j];
  const auto n = static_cast<double>(observed.size());
  return 0.5 * pairs - std::sqrt(n * (n - 1) * (2 * n + 5) / 72);
}

/// Smallest value that the given share of all does not exceed.
int percentile(std::vector<int> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace

Vector ranking_weights(const Vector& observed, const std::vector<Belief>& beliefs,
                       RandomStream& random) {
  const auto count = static_cast<Eigen::Index>(beliefs.size());
  if (observed.size() < fewest_observations)
    return Vector::Constant(count, 1 / static_cast<double>(count));
  std::vector<std::vector<int>> losses;
  for (const Belief& belief : beliefs) {
    std::vector<int>& own = losses.emplace_back();
    Vector drawn(observed.size());
    for (Eigen::Index k = 0; k < draws; ++k) {
      for (Eigen::Index i = 0; i < drawn.size(); ++i)
        drawn[i] = belief.mean[i] + belief.deviation[i] * random.normal();
      own.push_back(misordered(observed, drawn));
    }
  }
  const double limit =
      std::min<double>(percentile(losses.front(), 0.95), better_than_chance(observed));
  std::vector<bool> kept(beliefs.size(), true);
  for (std::size_t b = 1; b < beliefs.size(); ++b) kept[b] = percentile(losses[b], 0.5) <= limit;

  Vector weights = Vector::Zero(count);
  for (std::size_t k = 0; k < static_cast<std::size_t>(draws); ++k) {
    std::vector<Eigen::Index> best;
    int least = losses.front()[k];
    for (std::size_t b = 0; b < beliefs.size(); ++b) {
      if (!kept[b] || losses[b][k] > least) continue;
      if (losses[b][k] < least) best.clear();
      least = losses[b][k];
      best.push_back(static_cast<Eigen::Index>(b));
    }
    for (const Eigen::Index b : best)
      weights[b] += 1 / static_cast<double>(draws * static_cast<Eigen::Index>(best.size()));
  }
  return weights;
}

}  // namespace tunesmith
