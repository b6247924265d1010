#include <cmath>

#include "stopping/improvement_curve.hpp"
#include "stopping/rule_options.hpp"
#include "stopping/trial_rule.hpp"

namespace tunesmith {
namespace {

class PatienceRule final : public TrialRule<ImprovementCurve> {
 public:
  explicit PatienceRule(PatienceRuleOptions options) : options_(options) {}

  std::string name() const override { return "patience"; }

 private:
  bool regards(const Problem& problem, const Event& report) const override {
    return report.metric == problem.objectives.front().metric && std::isfinite(report.value);
  }

  std::optional<std::string> judge(const Problem& problem, const Event& report,
                                   ImprovementCurve& curve) override {
    put(curve, report, sense(problem, report.metric), options_.min_delta);
    if (curve.back().state.since < options_.levels) return {};
    return no_improvement_text(report.metric, curve, sense(problem, report.metric));
  }

  PatienceRuleOptions options_;
};

std::vector<Mistake> mistakes_of(const PatienceRuleOptions& options) {
  OptionCheck check;
  check.at_least("levels", options.levels, 1);
  check.at_least("min_delta", options.min_delta, 0);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> patience_rule(PatienceRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<PatienceRule>(options);
}

RulePlugin patience_rule_plugin() {
  return rule_plugin<PatienceRuleOptions>(
      "patience", "Stops a trial that no longer improves on its own best.", &patience_rule,
      &mistakes_of, [](auto& options, auto& visitor) {
        visitor("levels", options.levels, "Levels in a row without improvement; 1 or more.");
        visitor("min_delta", options.min_delta,
                "Least difference to the trial's own best that counts as an improvement, in the "
                "objective's unit; 0 or more.");
      });
}

}  // namespace tunesmith
