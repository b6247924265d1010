#include "study/budget_check.hpp"

#include <cmath>

#include "core/numbers.hpp"

namespace tunesmith {

std::string why_nothing_may_begin(const StudyFold& fold, Seconds idle) {
  const Budget& budget = fold.budget();
  if (fold.stop_requested()) return "stop requested: " + *fold.stop_requested();

  const Objective& objective = fold.problem().objectives[0];
  if (const auto best = fold.best_value();
      budget.target && best && !is_better(objective, *budget.target, *best)) {
    return objective.metric + " reached " + number_text(*best) + ", the target is " +
           number_text(*budget.target);
  }
  if (budget.max_failures_in_a_row && fold.failures_in_a_row() >= *budget.max_failures_in_a_row) {
    return std::to_string(fold.failures_in_a_row()) + " failed trials in a row, the limit is " +
           std::to_string(*budget.max_failures_in_a_row);
  }
  const Seconds active = fold.active_time() + idle;
  if (budget.max_time && active >= *budget.max_time) {
    return number_text(std::floor(active.count())) + " of " +
           number_text(budget.max_time->count()) + " seconds";
  }
  if (budget.max_cost && fold.total_cost() >= *budget.max_cost) {
    return number_text(fold.total_cost()) + " of " + number_text(*budget.max_cost) +
           " in cost of trials";
  }
  return "";
}

std::string why_no_more_trials(const StudyFold& fold) {
  const auto& limit = fold.budget().max_trials;
  const auto trials = static_cast<std::int64_t>(fold.size());
  if (!limit || trials < *limit) return "";
  return std::to_string(trials) + " of " + std::to_string(*limit) + " trials";
}

}  // namespace tunesmith
