#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "stopping/ending.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {

/// A rule that looks at each running trial by itself and keeps a `Course` for it, from its first
/// report to its end; a preempted or paused trial keeps its course.
template <typename Course>
class TrialRule : public StoppingRule {
 public:
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    std::vector<Action> actions;
    for (const auto& [sequence, event] : news) {
      if (const std::optional<Outcome> outcome = ending(event)) {
        finish(view, event.trial, *outcome);
      } else if (event.kind == EventKind::reported && regards(view.problem(), event)) {
        std::optional<std::string> reason =
            judge(view.problem(), event, running_.try_emplace(event.trial).first->second);
        if (reason) {
          actions.push_back({.kind = kind_, .trial = event.trial, .reason = *std::move(reason)});
        }
      }
    }
    return actions;
  }

 protected:
  explicit TrialRule(Action::Kind kind = Action::Kind::stop_trial) : kind_(kind) {}

 private:
  /// Whether a report is to be judged at all.
  virtual bool regards(const Problem& problem, const Event& report) const = 0;
  /// Takes a report into the course of its trial. Answers why something is to be done.
  virtual std::optional<std::string> judge(const Problem& problem, const Event& report,
                                           Course& course) = 0;
  /// A trial has come to its end for good, as stopped where it was retired; null where it reported
  /// nothing. The view shows its final state, which stays.
  virtual void ended(const StudyView& /*view*/, TrialId /*trial*/, Outcome /*outcome*/,
                     Course* /*course*/) {}

  void finish(const StudyView& view, TrialId trial, Outcome outcome) {
    const auto found = running_.find(trial);
    ended(view, trial, outcome, found == running_.end() ? nullptr : &found->second);
    if (found != running_.end()) running_.erase(found);
  }

  Action::Kind kind_;
  std::unordered_map<TrialId, Course> running_;
};

/// The metric that a rule's option names; the first objective's where it names none.
inline const std::string& metric_or_objective(const std::string& option, const Problem& problem) {
  return option.empty() ? problem.objectives.front().metric : option;
}

/// Whether a finite value of one of the two metrics is reported, of the validation's as above.
inline bool is_loss(const Problem& problem, const Event& report, const std::string& train,
                    const std::string& validation) {
  return (report.metric == train || report.metric == metric_or_objective(validation, problem)) &&
         std::isfinite(report.value);
}

/// 1 where smaller values of the metric are better, else −1.
inline double sense(const Problem& problem, const std::string& metric) {
  for (const Objective& objective : problem.objectives) {
    if (objective.metric == metric) return objective.goal == Goal::minimize ? 1 : -1;
  }
  return 1;
}

}  // namespace tunesmith
