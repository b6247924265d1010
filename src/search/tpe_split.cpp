#include <algorithm>
#include <cmath>
#include <limits>

#include "search/tpe_history.hpp"
#include "surrogate/pareto.hpp"

namespace tunesmith {
namespace {

/// Bergstra et al.'s quantile as Optuna has it: a tenth, and for one objective 25 at most.
constexpr double good_share = 0.1;
constexpr std::size_t most_good = 25;

using Rows = std::vector<int>;

const TpeOutcome& at(const std::vector<TpeOutcome>& outcomes, int row) {
  return outcomes[static_cast<std::size_t>(row)];
}

/// Moves the `count` rows that come first by `before` (ties: the earlier) to the front.
template <typename Before>
void select(Rows& rows, std::size_t count, const Before& before) {
  if (count == 0 || count >= rows.size()) return;
  std::nth_element(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count) - 1, rows.end(),
                   [&](int a, int b) {
                     if (before(a, b)) return true;
                     return !before(b, a) && a < b;
                   });
}

/// Finite values, so that sums and ranges of them are.
Matrix tamed_values(const std::vector<TpeOutcome>& outcomes, const Rows& rows) {
  const auto objectives = static_cast<Eigen::Index>(at(outcomes, rows.front()).values.size());
  Matrix values(static_cast<Eigen::Index>(rows.size()), objectives);
  for (Eigen::Index i = 0; i < values.rows(); ++i)
    for (Eigen::Index k = 0; k < objectives; ++k)
      values(i, k) =
          at(outcomes, rows[static_cast<std::size_t>(i)]).values[static_cast<std::size_t>(k)];
  for (Eigen::Index k = 0; k < objectives; ++k) {
    const double largest = values.col(k).cwiseAbs().maxCoeff();
    if (largest > 1) values.col(k) /= largest;
  }
  return values;
}

/// Whole fronts first; of the one that does not fit, rows that cover it.
void select_by_front(const std::vector<TpeOutcome>& outcomes, Rows& rows, std::size_t count) {
  if (count == 0 || count >= rows.size()) return;
  const Matrix values = tamed_values(outcomes, rows);
  const std::vector<int> layers = non_dominated_layers(values);
  Rows chosen;
  for (int layer = 0; chosen.size() < count; ++layer) {
    std::vector<std::size_t> members;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (layers[i] == layer) members.push_back(i);
    const std::size_t left = count - chosen.size();
    if (members.size() > left) {
      Matrix front(static_cast<Eigen::Index>(members.size()), values.cols());
      for (std::size_t i = 0; i < members.size(); ++i)
        front.row(static_cast<Eigen::Index>(i)) = values.row(static_cast<Eigen::Index>(members[i]));
      std::vector<std::size_t> covering;
      for (const Eigen::Index i : covering_rows(front, static_cast<Eigen::Index>(left)))
        covering.push_back(members[static_cast<std::size_t>(i)]);
      // Equal points cover nothing more: the earliest fill up.
      for (std::size_t i = 0; covering.size() < left; ++i)
        if (std::find(covering.begin(), covering.end(), members[i]) == covering.end())
          covering.push_back(members[i]);
      members = std::move(covering);
    }
    for (const std::size_t i : members) chosen.push_back(rows[i]);
  }
  std::sort(chosen.begin(), chosen.end());
  Rows others;
  std::set_difference(rows.begin(), rows.end(), chosen.begin(), chosen.end(),
                      std::back_inserter(others));
  rows = std::move(chosen);
  rows.insert(rows.end(), others.begin(), others.end());
}

/// Per row, the sum of what the bounds are broken by, each in units of the most that it is broken
/// by anywhere, so that bytes and seconds count alike.
std::vector<double> violations(const std::vector<TpeOutcome>& outcomes, const Rows& rows) {
  std::vector<double> totals(outcomes.size(), 0.0);
  if (rows.empty()) return totals;
  for (std::size_t bound = 0; bound < at(outcomes, rows.front()).excess.size(); ++bound) {
    double most = 0;
    for (const int row : rows) {
      const double excess = at(outcomes, row).excess[bound];
      if (std::isfinite(excess)) most = std::max(most, excess);
    }
    for (const int row : rows) {
      const double excess = at(outcomes, row).excess[bound];
      if (excess > 0)
        totals[static_cast<std::size_t>(row)] +=
            std::isfinite(excess) ? excess / most : std::numeric_limits<double>::infinity();
    }
  }
  return totals;
}

}  // namespace

TpeSplit split_trials(const std::vector<TpeOutcome>& outcomes) {
  Rows completed;
  Rows stopped;
  Rows violating;
  TpeSplit split;
  completed.reserve(outcomes.size());
  split.above.reserve(outcomes.size());
  std::size_t objectives = 1;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto row = static_cast<int>(i);
    switch (outcomes[i].rank) {
      case TpeRank::completed:
        completed.push_back(row);
        break;
      case TpeRank::stopped:
        stopped.push_back(row);
        break;
      case TpeRank::violating:
        violating.push_back(row);
        break;
      case TpeRank::above:
      case TpeRank::ignored:
        break;
    }
    objectives = std::max(objectives, outcomes[i].values.size());
  }
  const std::size_t measured = completed.size() + stopped.size() + violating.size();
  auto wanted = static_cast<std::size_t>(std::ceil(good_share * static_cast<double>(measured)));
  if (objectives == 1) wanted = std::min(wanted, most_good);
  const auto take = [&](Rows& rows, const auto& order) {
    const std::size_t count = std::min(wanted, rows.size());
    order(rows, count);
    const auto end = rows.begin() + static_cast<std::ptrdiff_t>(count);
    split.below.insert(split.below.end(), rows.begin(), end);
    wanted -= count;
  };
  take(completed, [&](Rows& rows, std::size_t count) {
    if (objectives > 1) return select_by_front(outcomes, rows, count);
    if (count == rows.size()) return;
    std::vector<double> values(outcomes.size());
    for (const int row : rows) values[static_cast<std::size_t>(row)] = at(outcomes, row).values[0];
    select(rows, count, [&](int a, int b) {
      return values[static_cast<std::size_t>(a)] > values[static_cast<std::size_t>(b)];
    });
  });
  take(stopped, [&](Rows& rows, std::size_t count) {
    select(rows, count, [&](int a, int b) {
      const TpeOutcome& x = at(outcomes, a);
      const TpeOutcome& y = at(outcomes, b);
      return x.level != y.level ? x.level > y.level : x.values[0] > y.values[0];
    });
  });
  take(violating, [&](Rows& rows, std::size_t count) {
    const std::vector<double> total = violations(outcomes, rows);
    select(rows, count, [&](int a, int b) {
      return total[static_cast<std::size_t>(a)] < total[static_cast<std::size_t>(b)];
    });
  });
  std::sort(split.below.begin(), split.below.end());
  auto good = split.below.begin();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto row = static_cast<int>(i);
    if (good != split.below.end() && *good == row) {
      ++good;
    } else if (outcomes[i].rank != TpeRank::ignored) {
      split.above.push_back(row);
    }
  }
  return split;
}

}  // namespace tunesmith
