#include "tuner/result.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/numbers.hpp"

namespace tunesmith {

const char* to_string(EndReason reason) noexcept {
  switch (reason) {
    case EndReason::trials_spent:
      return "trials_spent";
    case EndReason::time_spent:
      return "time_spent";
    case EndReason::cost_spent:
      return "cost_spent";
    case EndReason::target_reached:
      return "target_reached";
    case EndReason::too_many_failures:
      return "too_many_failures";
    case EndReason::stopped_by_rule:
      return "stopped_by_rule";
    case EndReason::exhausted:
      return "exhausted";
    case EndReason::cancelled:
      return "cancelled";
  }
  return "unknown";
}

std::optional<EndReason> spent_limit(const StudyView& view, Seconds active) {
  const Budget& budget = view.budget();
  if (budget.target) {
    if (const std::optional<TrialId> best = view.best()) {
      const double value = *view.mean_objective(*best);
      const bool minimize = view.problem().objectives.front().goal == Goal::minimize;
      if (minimize ? value <= *budget.target : value >= *budget.target)
        return EndReason::target_reached;
    }
  }
  if (budget.max_failures_in_a_row && view.failures_in_a_row() >= *budget.max_failures_in_a_row) {
    return EndReason::too_many_failures;
  }
  if (budget.max_time && active >= *budget.max_time) return EndReason::time_spent;
  if (budget.max_cost && view.total_cost() >= *budget.max_cost) return EndReason::cost_spent;
  if (budget.max_trials && static_cast<std::int64_t>(view.size()) >= *budget.max_trials)
    return EndReason::trials_spent;
  return std::nullopt;
}

std::optional<Seconds> estimate_time_left(const StudyView& view, int parallel, Seconds active,
                                          Timestamp now) {
  std::optional<Seconds> left;
  double total = 0;
  std::int64_t ended = 0;
  double already = 0;  // spent on the trials that are running
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    if (is_final(trial.state) && trial.ended > trial.started) {
      total += trial.ended - trial.started;
      ++ended;
    } else if (trial.state == TrialState::running) {
      already += std::max(0.0, now - trial.started);
    }
  }
  if (view.budget().max_trials && ended > 0) {
    const std::int64_t finished =
        static_cast<std::int64_t>(view.size()) - view.count(TrialState::running) -
        view.count(TrialState::preempted) - view.count(TrialState::paused);
    const double mean = total / static_cast<double>(ended);
    const double work = mean * static_cast<double>(std::max<std::int64_t>(
                                   0, *view.budget().max_trials - finished)) -
                        already;
    left = Seconds(std::max(0.0, work) / std::max(1, parallel));
  }
  if (view.budget().max_time) {
    const Seconds by_time = std::max(Seconds(0), *view.budget().max_time - active);
    left = left ? std::min(*left, by_time) : by_time;
  }
  return left;
}

std::string notices_text(const StudyView& view) {
  constexpr std::size_t most = 10;
  const std::vector<Notice>& notices = view.notices();
  if (notices.empty()) return "";
  const std::size_t left_out = notices.size() - std::min(most, notices.size());
  std::string text = "Noticed:";
  if (left_out > 0) text += " (" + std::to_string(left_out) + " earlier ones left out)";
  text += "\n";
  for (std::size_t i = left_out; i < notices.size(); ++i) {
    const Notice& notice = notices[i];
    text += "  " + (notice.trial < 0 ? "" : "trial " + std::to_string(notice.trial) + ": ") +
            notice.rule + ": " + notice.message + "\n";
  }
  return text;
}

std::string TuningResult::report() const {
  std::string text = "Ended: " + explanation + "\n";
  const auto describe = [&](const Trial& trial) {
    text += "  trial " + std::to_string(trial.id) + ":";
    for (const auto& [name, value] : trial.metrics) text += " " + name + "=" + number_text(value);
    if (const std::size_t times = view.repetitions(trial.id).size(); times > 1) {
      text += "\n    repeated; mean";
      for (std::size_t i = 0; i < view.problem().objectives.size(); ++i)
        text += " " + view.problem().objectives[i].metric + "=" +
                number_text(*view.mean_objective(trial.id, i));
    }
    text += "\n";
    for (const auto& [name, value] : trial.configuration.values()) {
      text += "    " + name + " = " + to_text(value) + "\n";
    }
  };
  if (view.problem().objectives.size() > 1) {
    const std::vector<TrialId> front = view.front();
    text += "Best trade-offs: " + std::to_string(front.size()) + "\n";
    for (const TrialId id : front) describe(view.trial(id));
  } else if (const std::optional<TrialId> best = view.best()) {
    text += "Best:\n";
    describe(view.trial(*best));
    if (const std::optional<double> gain = view.gain()) {
      text += "Gain over the baseline: " + number_text(*gain) + "\n";
    }
  } else {
    text += "No trial gave a usable result.\n";
  }
  text += "Trials: " + std::to_string(view.size());
  for (const TrialState state :
       {TrialState::completed, TrialState::stopped, TrialState::failed, TrialState::infeasible,
        TrialState::lost, TrialState::preempted, TrialState::paused, TrialState::running}) {
    if (view.count(state) > 0)
      text += std::string(", ") + to_string(state) + " " + std::to_string(view.count(state));
  }
  return text + "\n" + notices_text(view);
}

}  // namespace tunesmith
