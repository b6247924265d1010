#include "stopping/unit_share.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {

std::shared_ptr<StoppingRule> dead_relu_rule(DeadReluRuleOptions options) {
  return unit_share_rule("dead_relu", std::move(options));
}

RulePlugin dead_relu_rule_plugin() {
  return unit_share_plugin("dead_relu", "Too many units are dead.",
                           "Metric that holds the share of dead units in percent; required.",
                           &dead_relu_rule);
}

}  // namespace tunesmith
