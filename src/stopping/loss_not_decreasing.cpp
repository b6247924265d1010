#include <cmath>

#include "core/numbers.hpp"
#include "stopping/curve.hpp"
#include "stopping/rule_options.hpp"
#include "stopping/trial_rule.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

enum class Fault { none, flat, rise };

struct LossState {
  /// What the next levels are held against.
  double level = 0;
  double value = 0;
  Fault fault = Fault::none;
  /// What this level was held against.
  double before_level = 0;
  double before = 0;
};
/// Values in the sense that smaller is better.
using LossCurve = Curve<double, LossState>;

class LossNotDecreasingRule final : public TrialRule<LossCurve> {
 public:
  explicit LossNotDecreasingRule(LossNotDecreasingRuleOptions options)
      : TrialRule(options.action), options_(std::move(options)) {}

  std::string name() const override { return "loss_not_decreasing"; }

 private:
  bool regards(const Problem& problem, const Event& report) const override {
    return report.metric == metric_or_objective(options_.metric, problem) &&
           std::isfinite(report.value);
  }

  std::optional<std::string> judge(const Problem& problem, const Event& report,
                                   LossCurve& curve) override {
    const double sign = sense(problem, report.metric);
    curve.put(
        report.resource, [&](double& value) { value = sign * report.value; },
        [&](const LossState* before, double level, double value) {
          return next(before, level, value);
        });
    const LossCurve::Point& last = curve.back();
    if (last.state.fault == Fault::none) return {};
    return report.metric + " went from " + number_text(sign * last.state.before) + " at " +
           number_text(last.state.before_level) + " to " + number_text(sign * last.value) + " at " +
           number_text(last.level) +
           (last.state.fault == Fault::rise
                ? ", more than " + number_text(options_.increase_threshold_percent) +
                      " % the wrong way"
                : ", less than " + number_text(options_.diff_percent) + " % the right way");
  }

  LossState next(const LossState* before, double level, double value) const {
    if (before == nullptr) return {.level = level, .value = value};
    LossState state{.level = before->level,
                    .value = before->value,
                    .before_level = before->level,
                    .before = before->value};
    const double size = std::abs(before->value) / 100;
    const double fall = before->value - value;
    if (-fall > options_.increase_threshold_percent * size) {
      state.fault = Fault::rise;
    } else if (level - before->level >= options_.num_steps) {
      if (fall < options_.diff_percent * size) state.fault = Fault::flat;
      state.level = level;
      state.value = value;
    }
    return state;
  }

  LossNotDecreasingRuleOptions options_;
};

std::vector<Mistake> mistakes_of(const LossNotDecreasingRuleOptions& options) {
  OptionCheck check;
  check.above("num_steps", options.num_steps, 0);
  check.at_least("diff_percent", options.diff_percent, 0);
  check.at_least("increase_threshold_percent", options.increase_threshold_percent, 0);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> loss_not_decreasing_rule(LossNotDecreasingRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<LossNotDecreasingRule>(std::move(options));
}

RulePlugin loss_not_decreasing_rule_plugin() {
  return rule_plugin<LossNotDecreasingRuleOptions>(
      "loss_not_decreasing", "A loss no longer falls.", &loss_not_decreasing_rule, &mistakes_of,
      [](auto& options, auto& visitor) {
        visitor("metric", options.metric, "The loss; the first objective where it is empty.");
        visitor("num_steps", options.num_steps,
                "The loss is held against what it was so many levels before; above 0.");
        visitor("diff_percent", options.diff_percent,
                "By how many percent it has to fall in that time; 0 or more.");
        visitor("increase_threshold_percent", options.increase_threshold_percent,
                "By how many percent it may rise without waiting for num_steps; 0 or more.");
        visitor("action", options.action, action_text);
      });
}

}  // namespace tunesmith
