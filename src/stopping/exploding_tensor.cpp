#include "stopping/bound_rule.hpp"
#include "stopping/rule_options.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

std::vector<Mistake> mistakes_of(const ExplodingTensorRuleOptions& options) {
  OptionCheck check;
  if (options.threshold) check.above("threshold", *options.threshold, 0);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> exploding_tensor_rule(ExplodingTensorRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<BoundRule>(BoundRule::Options{.name = "exploding_tensor",
                                                        .metric = std::move(options.metric),
                                                        .any_metric = true,
                                                        .upper = options.threshold,
                                                        .absolute = true,
                                                        .nan = true,
                                                        .infinite = !options.only_nan,
                                                        .action = options.action});
}

RulePlugin exploding_tensor_rule_plugin() {
  return rule_plugin<ExplodingTensorRuleOptions>(
      "exploding_tensor", "A metric is NaN, infinite, or too large.", &exploding_tensor_rule,
      &mistakes_of, [](auto& options, auto& visitor) {
        visitor("metric", options.metric, "Metric to judge; every one where it is empty.");
        visitor("only_nan", options.only_nan, "Infinities are fine.");
        visitor("threshold", options.threshold, "Largest absolute value; above 0.");
        visitor("action", options.action, action_text);
      });
}

}  // namespace tunesmith
