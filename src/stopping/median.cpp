#include "stopping/rule_options.hpp"
#include "stopping/running_mean_rule.hpp"

namespace tunesmith {
namespace {

std::vector<Mistake> mistakes_of(const MedianRuleOptions& options) {
  OptionCheck check;
  check.at_least("min_trials", options.min_trials, 1);
  check.at_least("min_levels", options.min_levels, 1);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> median_rule(MedianRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<RunningMeanRule>("median", 50, options.min_trials, options.min_levels);
}

RulePlugin median_rule_plugin() {
  return rule_plugin<MedianRuleOptions>(
      "median",
      "Stops a trial that is worse than the median of the completed ones at the same level.",
      &median_rule, &mistakes_of, [](auto& options, auto& visitor) {
        visitor("min_trials", options.min_trials,
                "Completed trials to compare with before anything is stopped; 1 or more.");
        visitor("min_levels", options.min_levels,
                "Levels a trial reports before it may be stopped; 1 or more.");
      });
}

}  // namespace tunesmith
