#include "core/numbers.hpp"
#include "stopping/bound_rule.hpp"
#include "stopping/rule_options.hpp"

namespace tunesmith {
namespace {

std::vector<Mistake> mistakes_of(const ThresholdRuleOptions& options) {
  OptionCheck check;
  if (!options.lower && !options.upper) {
    check.add({"/upper", "is missing, as is \"lower\"", "at least one of the two"});
  }
  if (options.lower) check.finite("lower", *options.lower);
  if (options.upper) check.finite("upper", *options.upper);
  if (options.lower && options.upper && *options.lower > *options.upper) {
    check.add({"/lower", "is " + number_text(*options.lower) + ", above \"upper\"",
               "at most " + number_text(*options.upper)});
  }
  check.finite("min_level", options.min_level);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> threshold_rule(ThresholdRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<BoundRule>(BoundRule::Options{.name = "threshold",
                                                        .metric = std::move(options.metric),
                                                        .lower = options.lower,
                                                        .upper = options.upper,
                                                        .nan = true,
                                                        .min_level = options.min_level});
}

RulePlugin threshold_rule_plugin() {
  return rule_plugin<ThresholdRuleOptions>(
      "threshold", "Stops a trial whose metric leaves its bounds, or is NaN.", &threshold_rule,
      &mistakes_of, [](auto& options, auto& visitor) {
        visitor("metric", options.metric,
                "Metric to judge; the first objective where it is empty.");
        visitor("lower", options.lower,
                "The metric has to be at least this; one of lower and upper is needed.");
        visitor("upper", options.upper, "The metric has to be at most this.");
        visitor("min_level", options.min_level, "Reports below this level are not judged.");
      });
}

}  // namespace tunesmith
