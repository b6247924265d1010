#include "stopping/unit_share.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {

std::shared_ptr<StoppingRule> saturated_activation_rule(SaturatedActivationRuleOptions options) {
  return unit_share_rule("saturated_activation", std::move(options));
}

RulePlugin saturated_activation_rule_plugin() {
  return unit_share_plugin("saturated_activation", "Too many units are saturated.",
                           "Metric that holds the share of saturated units in percent; required.",
                           &saturated_activation_rule);
}

}  // namespace tunesmith
