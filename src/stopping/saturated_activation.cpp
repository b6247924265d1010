#include "core/numbers.hpp"
#include "stopping/bound_rule.hpp"
#include "stopping/rule_options.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

std::vector<Mistake> mistakes_of(const SaturatedActivationRuleOptions& options) {
  OptionCheck check;
  check.not_empty("metric", options.metric, "the metric that holds the share of units");
  if (!(options.threshold_layer >= 0 && options.threshold_layer <= 100)) {
    check.add({"/threshold_layer", "is " + number_text(options.threshold_layer), "0 to 100"});
  }
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> saturated_activation_rule(SaturatedActivationRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<BoundRule>(BoundRule::Options{.name = "saturated_activation",
                                                        .metric = std::move(options.metric),
                                                        .upper = options.threshold_layer,
                                                        .action = options.action});
}

RulePlugin saturated_activation_rule_plugin() {
  return rule_plugin<SaturatedActivationRuleOptions>(
      "saturated_activation", "Too many units are saturated.", &saturated_activation_rule,
      &mistakes_of, [](auto& options, auto& visitor) {
        visitor("metric", options.metric,
                "Metric that holds the share of saturated units in percent; required.");
        visitor("threshold_layer", options.threshold_layer,
                "Largest share, in percent; from 0 to 100.");
        visitor("action", options.action, action_text);
      });
}

}  // namespace tunesmith
