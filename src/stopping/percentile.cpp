#include "stopping/rule_options.hpp"
#include "stopping/running_mean_rule.hpp"

namespace tunesmith {
namespace {

std::vector<Mistake> mistakes_of(const PercentileRuleOptions& options) {
  OptionCheck check;
  check.between("percentile", options.percentile, 100);
  check.at_least("min_trials", options.min_trials, 1);
  check.at_least("min_levels", options.min_levels, 1);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> percentile_rule(PercentileRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<RunningMeanRule>("percentile", options.percentile, options.min_trials,
                                           options.min_levels);
}

RulePlugin percentile_rule_plugin() {
  return rule_plugin<PercentileRuleOptions>(
      "percentile",
      "Stops a trial that is not among the best so many percent of the completed ones at the same "
      "level.",
      &percentile_rule, &mistakes_of, [](auto& options, auto& visitor) {
        visitor(
            "percentile", options.percentile,
            "Share of the completed trials, in percent, to be among to go on; above 0, below 100.");
        visitor("min_trials", options.min_trials,
                "Completed trials to compare with before anything is stopped; 1 or more.");
        visitor("min_levels", options.min_levels,
                "Levels a trial reports before it may be stopped; 1 or more.");
      });
}

}  // namespace tunesmith
