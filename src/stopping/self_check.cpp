#include "tunesmith/self_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <optional>
#include <utility>

#include "core/numbers.hpp"
#include "core/random.hpp"
#include "stopping/curve.hpp"
#include "stopping/rule_options.hpp"
#include "stopping/trial_rule.hpp"

namespace tunesmith {
namespace {

constexpr std::size_t most_compared = 100;

struct NoState {};
using PlainCurve = Curve<double, NoState>;

struct Ended {
  PlainCurve curve = {};
  double value = 0;
};

/// Kendall's tau-b (Biometrika 33, 1945); none where all values of a side are equal.
std::optional<double> rank_correlation(const std::vector<std::pair<double, double>>& pairs) {
  double agreement = 0;
  double untied_first = 0;
  double untied_second = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int first = (pairs[i].first > pairs[j].first) - (pairs[i].first < pairs[j].first);
      const int second = (pairs[i].second > pairs[j].second) - (pairs[i].second < pairs[j].second);
      agreement += first * second;
      untied_first += first != 0 ? 1 : 0;
      untied_second += second != 0 ? 1 : 0;
    }
  }
  if (untied_first == 0 || untied_second == 0) return {};
  return agreement / std::sqrt(untied_first * untied_second);
}

std::string two_digits(double value) { return number_text(std::round(value * 100) / 100); }

class SelfCheckRule final : public StoppingRule {
 public:
  SelfCheckRule(std::vector<std::shared_ptr<StoppingRule>> rules, SelfCheckOptions options)
      : rules_(std::move(rules)), options_(options) {}

  std::string name() const override { return "self_check"; }

  /// Event by event, so that what is held back does not depend on how the log is cut.
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    std::vector<Action> actions;
    for (const StoredEvent& stored : news) {
      const Event& event = stored.event;
      take(view, event, actions);
      for (const auto& rule : rules_) {
        for (Action& action : rule->on_events(view, {&stored, 1})) {
          if (!may_pass(view.problem(), event, action)) continue;
          action.reason = rule->name() + ": " + action.reason;
          actions.push_back(std::move(action));
        }
      }
    }
    return actions;
  }

  std::vector<Action> on_time(Seconds now) override {
    std::vector<Action> actions;
    for (const auto& rule : rules_) {
      for (Action& action : rule->on_time(now)) {
        action.reason = rule->name() + ": " + action.reason;
        actions.push_back(std::move(action));
      }
    }
    return actions;
  }

 private:
  void take(const StudyView& view, const Event& event, std::vector<Action>& actions) {
    const Objective& objective = view.problem().objectives.front();
    if (event.kind == EventKind::reported) {
      if (event.metric != objective.metric || !std::isfinite(event.value)) return;
      running_[event.trial].put(
          event.resource, [&](double& value) { value = event.value; },
          [](const NoState*, double, double) { return NoState{}; });
    } else if (event.kind == EventKind::retired) {
      forget(event.trial);
    } else if (event.kind == EventKind::finished) {
      const auto outcome = static_cast<Outcome>(event.value);
      if (outcome == Outcome::preempted || outcome == Outcome::paused) return;
      const Trial& trial = view.trial(event.trial);
      if (outcome == Outcome::completed && view.feasible(trial)) {
        complete(view.problem(), trial.id, *view.objective(trial), actions);
      }
      forget(event.trial);
    }
  }

  void forget(TrialId trial) {
    running_.erase(trial);
    running_on_.erase(trial);
  }

  /// Whether the trial is of the share that runs on.
  bool chosen(const Problem& problem, TrialId trial) const {
    return RandomStream(problem.seed, static_cast<std::uint64_t>(trial), "self_check").uniform() <
           options_.share;
  }

  void complete(const Problem& problem, TrialId trial, double value, std::vector<Action>& actions) {
    const Objective& objective = problem.objectives.front();
    const bool better =
        !best_ || (objective.goal == Goal::minimize ? value < *best_ : value > *best_);
    const auto ran_on = running_on_.find(trial);
    if (ran_on != running_on_.end() && best_) {
      ++checked_;
      if (better) ++missed_;
      // While nothing is stopped there are many that ran on.
      if (better || chosen(problem, trial))
        actions.push_back({.kind = Action::Kind::notify,
                           .trial = trial,
                           .reason = "was to be stopped at " + number_text(ran_on->second) +
                                     ", ran on and " + (better ? "became" : "did not become") +
                                     " the best: " + objective.metric + " " + number_text(value) +
                                     (better ? " instead of " : ", the best is ") +
                                     number_text(*best_) + "; " + std::to_string(missed_) + " of " +
                                     std::to_string(checked_) + " that ran on became the best" +
                                     correlation_text()});
    }
    if (better) best_ = value;
    const auto curve = running_.find(trial);
    if (curve == running_.end()) return;
    completed_.push_back({std::move(curve->second), value});
    if (completed_.size() > most_compared) completed_.pop_front();
    judge(objective, actions);
  }

  /// Whether values at the level of the latest stop tell anything of final ones.
  void judge(const Objective& objective, std::vector<Action>& actions) {
    if (!level_) return;
    std::vector<std::pair<double, double>> pairs;
    for (const Ended& ended : completed_) {
      const PlainCurve::Point* point = ended.curve.up_to(*level_);
      if (point != nullptr) pairs.emplace_back(point->value, ended.value);
    }
    if (std::cmp_less(pairs.size(), options_.min_trials)) return;
    const std::optional<double> correlation = rank_correlation(pairs);
    if (!correlation) return;
    correlation_ = correlation;
    if ((*correlation < options_.least_correlation) == held_back_) return;
    held_back_ = !held_back_;
    actions.push_back(
        {.kind = Action::Kind::notify,
         .reason = std::string(held_back_ ? "nothing is stopped" : "trials are stopped again") +
                   ": the rank correlation of " + objective.metric + " at " + number_text(*level_) +
                   " and in the end is " + two_digits(*correlation) + " over " +
                   std::to_string(pairs.size()) + " trials"});
  }

  std::string correlation_text() const {
    if (!correlation_) return "";
    return "; the rank correlation of early and final values is " + two_digits(*correlation_);
  }

  bool may_pass(const Problem& problem, const Event& event, const Action& action) {
    if (action.kind != Action::Kind::stop_trial) return true;
    const bool ran_on = running_on_.contains(action.trial);
    if (event.kind == EventKind::reported && !ran_on) level_ = event.resource;
    if (!held_back_ && !chosen(problem, action.trial)) return true;
    if (!ran_on && level_ && running_.contains(action.trial)) {
      running_on_.emplace(action.trial, *level_);
    }
    return false;
  }

  std::vector<std::shared_ptr<StoppingRule>> rules_;
  SelfCheckOptions options_;
  std::map<TrialId, PlainCurve> running_;
  /// Trials that were to be stopped and were not, with the level where that was.
  std::map<TrialId, double> running_on_;
  /// The latest completed trials.
  std::deque<Ended> completed_;
  std::optional<double> best_;
  /// Where a trial was to be stopped last; one that runs on counts where it was first.
  std::optional<double> level_;
  /// Of values there with final ones, when it was last known.
  std::optional<double> correlation_;
  bool held_back_ = false;
  int checked_ = 0;
  int missed_ = 0;
};

}  // namespace

bool is_forecast(std::string_view rule) noexcept {
  static constexpr std::array<std::string_view, 5> forecasts = {"median", "percentile", "patience",
                                                                "extrapolation", "wilcoxon"};
  return std::find(forecasts.begin(), forecasts.end(), rule) != forecasts.end();
}

std::shared_ptr<StoppingRule> self_check_rule(std::vector<std::shared_ptr<StoppingRule>> rules,
                                              SelfCheckOptions options) {
  OptionCheck check;
  const auto within = [&](const char* name, double value, double least) {
    if (value >= least && value <= 1) return;
    check.add({std::string("/") + name, "is " + number_text(value),
               "a number from " + number_text(least) + " to 1"});
  };
  within("share", options.share, 0);
  within("least_correlation", options.least_correlation, -1);
  check.at_least("min_trials", options.min_trials, 3);
  bool missing = rules.empty();
  for (const auto& rule : rules) missing = missing || rule == nullptr;
  if (missing) check.add({"", "watches over no rule", "one or more rules"});
  refuse(std::move(check.mistakes));
  return std::make_shared<SelfCheckRule>(std::move(rules), options);
}

}  // namespace tunesmith
