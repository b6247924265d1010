#include "search/outcome_ranking.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "search/trial_history.hpp"

namespace tunesmith {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double violation_of(const Problem& problem, const Metrics& metrics) {
  double sum = 0;
  for (const double slack : slacks_of(problem, metrics))
    sum += std::isnan(slack) ? infinity : std::max(0.0, -slack);
  return sum;
}

/// A total order where there is one objective.
bool better(const TrialOutcome& a, const TrialOutcome& b) {
  if (a.failed != b.failed) return b.failed;
  if (a.failed) return false;
  if (a.violation != b.violation) return a.violation < b.violation;
  return a.violation == 0 && a.objectives[0] < b.objectives[0];
}

std::vector<std::size_t> positions(std::size_t count) {
  std::vector<std::size_t> all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

bool has_several_objectives(const std::vector<TrialOutcome>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(),
                     [](const TrialOutcome& outcome) { return outcome.objectives.size() > 1; });
}

/// For one objective: sorts, and gives equals the same number.
Ranking rank_by_value(const std::vector<TrialOutcome>& outcomes) {
  Ranking ranking{.order = positions(outcomes.size())};
  std::stable_sort(ranking.order.begin(), ranking.order.end(),
                   [&](std::size_t a, std::size_t b) { return better(outcomes[a], outcomes[b]); });
  ranking.places.resize(outcomes.size(), 0);
  for (std::size_t i = 1; i < outcomes.size(); ++i) {
    const bool equal = !better(outcomes[ranking.order[i - 1]], outcomes[ranking.order[i]]);
    ranking.places[i] = ranking.places[i - 1] + (equal ? 0 : 1);
  }
  return ranking;
}

}  // namespace

std::optional<TrialOutcome> outcome_of(const StudyView& view, const Trial& trial) {
  if (!is_final(trial.state) || trial.state == TrialState::lost) return {};
  const Problem& problem = view.problem();
  TrialOutcome outcome;
  outcome.objectives.reserve(problem.objectives.size());
  for (std::size_t k = 0; k < problem.objectives.size(); ++k) {
    const std::optional<double> value = view.objective(trial, k);
    if (!value) {
      if (trial.state == TrialState::stopped) return {};
      return TrialOutcome{.failed = true, .violation = infinity};
    }
    outcome.objectives.push_back(problem.objectives[k].goal == Goal::minimize ? *value : -*value);
  }
  outcome.violation = violation_of(problem, trial.metrics);
  return outcome;
}

bool dominates(const TrialOutcome& a, const TrialOutcome& b) {
  if (!a.is_feasible() || !b.is_feasible()) return better(a, b);
  bool once = false;
  for (std::size_t k = 0; k < a.objectives.size(); ++k) {
    if (a.objectives[k] > b.objectives[k]) return false;
    once = once || a.objectives[k] < b.objectives[k];
  }
  return once;
}

std::vector<int> front_numbers(const std::vector<TrialOutcome>& outcomes) {
  std::vector<int> numbers(outcomes.size(), 0);
  if (!has_several_objectives(outcomes)) {
    const Ranking ranking = rank_by_value(outcomes);
    for (std::size_t i = 0; i < outcomes.size(); ++i) numbers[ranking.order[i]] = ranking.places[i];
    return numbers;
  }
  std::vector<std::vector<std::size_t>> beaten(outcomes.size());
  std::vector<int> beaters(outcomes.size(), 0);
  for (std::size_t a = 0; a < outcomes.size(); ++a) {
    for (std::size_t b = 0; b < outcomes.size(); ++b) {
      if (!dominates(outcomes[a], outcomes[b])) continue;
      beaten[a].push_back(b);
      ++beaters[b];
    }
  }
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (beaters[i] == 0) front.push_back(i);
  }
  for (int number = 0; !front.empty(); ++number) {
    std::vector<std::size_t> next;
    for (const std::size_t i : front) {
      numbers[i] = number;
      for (const std::size_t j : beaten[i]) {
        if (--beaters[j] == 0) next.push_back(j);
      }
    }
    front = std::move(next);
  }
  return numbers;
}

std::vector<double> crowding_distances(const std::vector<TrialOutcome>& outcomes,
                                       const std::vector<std::size_t>& front) {
  std::vector<double> distances(front.size(), 0);
  if (front.empty() || !outcomes[front[0]].is_feasible()) return distances;
  std::vector<std::size_t> order = positions(front.size());
  for (std::size_t k = 0; k < outcomes[front[0]].objectives.size(); ++k) {
    const auto value = [&](std::size_t i) { return outcomes[front[order[i]]].objectives[k]; };
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return outcomes[front[a]].objectives[k] < outcomes[front[b]].objectives[k];
    });
    // Halves: the extent of values up to 1e300 on both sides is no double.
    const double extent = value(order.size() - 1) / 2 - value(0) / 2;
    if (!(extent > 0)) continue;
    distances[order.front()] = infinity;
    distances[order.back()] = infinity;
    for (std::size_t i = 1; i + 1 < order.size(); ++i) {
      distances[order[i]] += (value(i + 1) / 2 - value(i - 1) / 2) / extent;
    }
  }
  return distances;
}

Ranking rank(const std::vector<TrialOutcome>& outcomes) {
  if (!has_several_objectives(outcomes)) return rank_by_value(outcomes);
  const std::vector<int> fronts = front_numbers(outcomes);
  const int last = fronts.empty() ? -1 : *std::max_element(fronts.begin(), fronts.end());
  Ranking ranking;
  int place = 0;
  for (int number = 0; number <= last; ++number) {
    std::vector<std::size_t> front;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
      if (fronts[i] == number) front.push_back(i);
    }
    const std::vector<double> distances = crowding_distances(outcomes, front);
    std::vector<std::size_t> order = positions(front.size());
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return distances[a] > distances[b]; });
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i > 0 && distances[order[i]] < distances[order[i - 1]]) ++place;
      ranking.order.push_back(front[order[i]]);
      ranking.places.push_back(place);
    }
    ++place;
  }
  return ranking;
}

}  // namespace tunesmith
