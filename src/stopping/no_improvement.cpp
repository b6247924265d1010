#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/numbers.hpp"
#include "stopping/ending.hpp"
#include "stopping/rule_plugin.hpp"
#include "tunesmith/convergence.hpp"

namespace tunesmith {
namespace {

class NoImprovementRule final : public StoppingRule {
 public:
  explicit NoImprovementRule(NoImprovementRuleOptions options) : options_(options) {}

  std::string name() const override { return "no_improvement"; }

  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    std::vector<Action> actions;
    for (const auto& [sequence, event] : news) {
      const bool ends = ending(event).has_value();
      if (ends) finish(view, view.trial(event.trial));
      // A session begins with the end of the one before, unless the rule has changed.
      if ((ends || event.kind == EventKind::session) && since_ >= options_.trials)
        actions.push_back({.kind = Action::Kind::stop_study, .reason = reason(view.problem())});
    }
    return actions;
  }

 private:
  void finish(const StudyView& view, const Trial& trial) {
    if (!front_.empty()) ++since_;
    // A repetition tells more of a configuration that is known; a luckier value is no improvement.
    if (trial.replicate_of || !view.feasible(trial)) return;
    const std::vector<Objective>& objectives = view.problem().objectives;
    std::vector<double> values;
    for (std::size_t k = 0; k < objectives.size(); ++k) {
      const double value = *view.objective(trial, k);
      values.push_back(objectives[k].goal == Goal::minimize ? -value : value);
    }
    if (!improves(values)) return;
    std::erase_if(front_, [&](const std::vector<double>& other) {
      return std::equal(other.begin(), other.end(), values.begin(), std::less_equal<>());
    });
    front_.push_back(std::move(values));
    latest_ = trial.id;
    since_ = 0;
  }

  bool improves(const std::vector<double>& values) const {
    return std::all_of(front_.begin(), front_.end(), [&](const std::vector<double>& other) {
      for (std::size_t k = 0; k < values.size(); ++k) {
        const double least =
            std::max(options_.min_change, options_.min_relative_change * std::abs(other[k]));
        if (values[k] > other[k] && values[k] - other[k] >= least) return true;
      }
      return false;
    });
  }

  std::string reason(const Problem& problem) const {
    const std::string trial = "trial " + std::to_string(latest_);
    const std::string of_so_many = std::to_string(since_) + " trials";
    if (problem.objectives.size() > 1)
      return "the front has not improved since " + trial + ", in " + of_so_many;
    const Objective& objective = problem.objectives.front();
    const double best = front_.front().front();
    return objective.metric + " has not improved on the " +
           number_text(objective.goal == Goal::minimize ? -best : best) + " of " + trial + " in " +
           of_so_many;
  }

  NoImprovementRuleOptions options_;
  /// The improvements that none other beats; per objective, larger is better.
  std::vector<std::vector<double>> front_;
  TrialId latest_ = -1;
  std::int64_t since_ = 0;
};

}  // namespace

std::shared_ptr<StoppingRule> no_improvement_rule(NoImprovementRuleOptions options) {
  std::vector<Mistake> mistakes;
  if (options.trials < 1)
    mistakes.push_back({"/trials", "is " + std::to_string(options.trials), "1 or more"});
  const auto check = [&](const char* path, double value) {
    if (!(value >= 0 && std::isfinite(value)))
      mistakes.push_back({path, "is " + number_text(value), "0 or more"});
  };
  check("/min_change", options.min_change);
  check("/min_relative_change", options.min_relative_change);
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  return std::make_shared<NoImprovementRule>(options);
}

RulePlugin no_improvement_rule_plugin() {
  const NoImprovementRuleOptions defaults;
  return {
      .info = {.name = "no_improvement",
               .summary = "Ends the study when its best has not improved for some trials.",
               .options = {{.name = "trials",
                            .type = "int",
                            .fallback = std::to_string(defaults.trials),
                            .text = "Trials that end without improvement before the study does; 1 "
                                    "or more."},
                           {.name = "min_change",
                            .type = "float",
                            .fallback = "0",
                            .text = "Least improvement that counts, in the objective's unit."},
                           {.name = "min_relative_change",
                            .type = "float",
                            .fallback = "0",
                            .text = "Least improvement that counts, as a share of the best value's "
                                    "magnitude."}}},
      .make =
          [](ObjectReader& options) {
            NoImprovementRuleOptions read;
            if (const auto trials = options.integer("trials", 1, INT32_MAX))
              read.trials = static_cast<int>(*trials);
            read.min_change = options.number("min_change", 0, 1e300).value_or(0);
            read.min_relative_change = options.number("min_relative_change", 0, 1e300).value_or(0);
            return no_improvement_rule(read);
          },
  };
}

}  // namespace tunesmith
