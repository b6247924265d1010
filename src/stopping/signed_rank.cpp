#include "stopping/signed_rank.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tunesmith {
namespace {

/// The sum of ranks on the positive side, and the ranks that could be on either; all doubled, so
/// that shared ranks are whole numbers.
struct RankSums {
  std::vector<int> ranks = {};
  int positive = 0;
};

/// `differences` in order of their absolute values.
RankSums rank_sums(const std::vector<double>& differences) {
  RankSums sums;
  for (std::size_t from = 0; from < differences.size();) {
    std::size_t to = from;
    while (to < differences.size() && std::abs(differences[to]) == std::abs(differences[from]))
      ++to;
    const int rank = static_cast<int>(from + to + 1);  // twice the mean of from + 1 … to
    for (; from < to; ++from) {
      if (differences[from] == 0) continue;  // half on either side, whatever the signs are
      sums.ranks.push_back(rank);
      if (differences[from] > 0) sums.positive += rank;
    }
  }
  return sums;
}

/// Counts the choices of signs by their sum.
double exact_tail(const RankSums& sums) {
  const int total = std::accumulate(sums.ranks.begin(), sums.ranks.end(), 0);
  std::vector<double> ways(static_cast<std::size_t>(total) + 1);
  ways[0] = 1;
  int reached = 0;
  for (const int rank : sums.ranks) {
    for (int sum = reached; sum >= 0; --sum) {
      ways[static_cast<std::size_t>(sum + rank)] += ways[static_cast<std::size_t>(sum)];
    }
    reached += rank;
  }
  const double tail = std::accumulate(ways.begin() + sums.positive, ways.end(), 0.0);
  return std::ldexp(tail, -static_cast<int>(sums.ranks.size()));
}

double normal_tail(const RankSums& sums) {
  double mean = 0;
  double variance = 0;
  for (const int rank : sums.ranks) {
    mean += rank / 2.0;
    variance += rank * (rank / 4.0);
  }
  return std::erfc((sums.positive - mean) / std::sqrt(2 * variance)) / 2;
}

}  // namespace

double signed_rank_p(std::vector<double> differences) {
  std::sort(differences.begin(), differences.end(),
            [](double a, double b) { return std::abs(a) < std::abs(b); });
  const RankSums sums = rank_sums(differences);
  if (sums.ranks.empty()) return 1;
  constexpr std::size_t most_exact = 30;
  return sums.ranks.size() <= most_exact ? exact_tail(sums) : normal_tail(sums);
}

}  // namespace tunesmith
