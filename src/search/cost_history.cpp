#include "search/cost_history.hpp"

#include <algorithm>
#include <cmath>

#include "search/trial_history.hpp"

namespace tunesmith {

CostHistory read_costs(const StudyView& view, const FeatureEncoding& encoding) {
  CostHistory history;
  if (!view.problem().cost) return history;
  for (std::size_t id = 0; id < view.size(); ++id) {
    const Trial& trial = view.trial(static_cast<TrialId>(id));
    const std::optional<double> cost = view.cost(trial);
    if (!cost || trial.state == TrialState::lost || !fits(encoding.space(), trial.configuration))
      continue;
    history.points.push_back(encoding.point_of(trial.configuration));
    history.log_costs.push_back(std::log(*cost));
  }
  return history;
}

double budget_left(const StudyView& view) {
  const Budget& budget = view.budget();
  double spent = 0;
  if (budget.max_cost) {
    // Summed anew: the view's own sum follows the order in which trials ended.
    double cost = 0;
    for (std::size_t id = 0; id < view.size(); ++id)
      cost += view.cost(view.trial(static_cast<TrialId>(id))).value_or(0);
    spent = cost / *budget.max_cost;
  }
  if (budget.max_trials)
    spent =
        std::max(spent, static_cast<double>(view.size()) / static_cast<double>(*budget.max_trials));
  if (budget.max_time) spent = std::max(spent, view.active_time() / *budget.max_time);
  return std::clamp(1 - spent, 0.0, 1.0);
}

}  // namespace tunesmith
