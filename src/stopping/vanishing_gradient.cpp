#include "stopping/bound_rule.hpp"
#include "stopping/rule_options.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

std::vector<Mistake> mistakes_of(const VanishingGradientRuleOptions& options) {
  OptionCheck check;
  check.not_empty("metric", options.metric, "the metric that holds the gradient's size");
  check.above("threshold", options.threshold, 0);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> vanishing_gradient_rule(VanishingGradientRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<BoundRule>(BoundRule::Options{.name = "vanishing_gradient",
                                                        .metric = std::move(options.metric),
                                                        .lower = options.threshold,
                                                        .absolute = true,
                                                        .action = options.action});
}

RulePlugin vanishing_gradient_rule_plugin() {
  return rule_plugin<VanishingGradientRuleOptions>(
      "vanishing_gradient", "A gradient is all but zero.", &vanishing_gradient_rule, &mistakes_of,
      [](auto& options, auto& visitor) {
        visitor("metric", options.metric,
                "Metric that holds a gradient's norm or mean absolute value; required.");
        visitor("threshold", options.threshold, "Least absolute value; above 0.");
        visitor("action", options.action, action_text);
      });
}

}  // namespace tunesmith
