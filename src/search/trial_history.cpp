#include "search/trial_history.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace tunesmith {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double error_of(const Objective& objective, const Metrics& metrics) {
  if (objective.standard_error.empty()) return unknown;
  const auto found = metrics.find(objective.standard_error);
  const bool known = found != metrics.end() && std::isfinite(found->second) && found->second > 0;
  return known ? found->second : unknown;
}

}  // namespace

std::vector<double> slacks_of(const Problem& problem, const Metrics& metrics) {
  std::vector<double> slacks;
  for (const OutcomeConstraint& constraint : problem.constraints) {
    const auto found = metrics.find(constraint.metric);
    const double value = found == metrics.end() ? unknown : found->second;
    if (constraint.min) slacks.push_back(value - *constraint.min);
    if (constraint.max) slacks.push_back(*constraint.max - value);
  }
  return slacks;
}

bool fits(const Space& space, const Configuration& configuration) {
  const std::vector<Mistake> mistakes = space.check(configuration);
  return std::all_of(mistakes.begin(), mistakes.end(),
                     [](const Mistake& mistake) { return mistake.path.empty(); });
}

bool Observation::is_feasible() const {
  return !failed && std::all_of(slacks.begin(), slacks.end(), [](double s) { return s >= 0; });
}

double Observation::error(std::size_t objective) const {
  return objective < errors.size() ? errors[objective] : unknown;
}

TrialHistory read_history(const StudyView& view, const FeatureEncoding& encoding) {
  TrialHistory history;
  for (std::size_t id = 0; id < view.size(); ++id) {
    const Trial& trial = view.trial(static_cast<TrialId>(id));
    if (trial.state == TrialState::lost || !fits(encoding.space(), trial.configuration)) continue;
    Point point = encoding.point_of(trial.configuration);
    if (!is_final(trial.state)) {
      history.pending.push_back(std::move(point));
    } else if (auto seen = observation_of(view, trial, std::move(point))) {
      history.ended.push_back(*std::move(seen));
    }
  }
  return history;
}

std::optional<Observation> observation_of(const StudyView& view, const Trial& trial, Point point) {
  const Problem& problem = view.problem();
  Observation seen;
  bool complete = trial.state == TrialState::completed || trial.state == TrialState::stopped;
  for (std::size_t k = 0; k < problem.objectives.size(); ++k) {
    const std::optional<double> value = view.objective(trial, k);
    const bool minimise = problem.objectives[k].goal == Goal::minimize;
    seen.objectives.push_back(value ? (minimise ? -*value : *value) : unknown);
    complete = complete && value.has_value();
    seen.errors.push_back(error_of(problem.objectives[k], trial.metrics));
  }
  if (!complete && trial.state == TrialState::stopped) return std::nullopt;
  seen.point = std::move(point);
  seen.failed = !complete;
  seen.goes_on = trial.resumable;
  seen.slacks = slacks_of(problem, trial.metrics);
  return seen;
}

}  // namespace tunesmith
