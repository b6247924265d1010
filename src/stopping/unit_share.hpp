#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/numbers.hpp"
#include "stopping/bound_rule.hpp"
#include "stopping/rule_options.hpp"

namespace tunesmith {

/// Rules that bound a share of a layer's units in percent; `Options` has metric, threshold_layer
/// and action.
template <typename Options>
std::vector<Mistake> unit_share_mistakes(const Options& options) {
  OptionCheck check;
  check.not_empty("metric", options.metric, "the metric that holds the share of units");
  if (!(options.threshold_layer >= 0 && options.threshold_layer <= 100)) {
    check.add({"/threshold_layer", "is " + number_text(options.threshold_layer), "0 to 100"});
  }
  return std::move(check.mistakes);
}

template <typename Options>
std::shared_ptr<StoppingRule> unit_share_rule(std::string name, Options options) {
  refuse(unit_share_mistakes(options));
  return std::make_shared<BoundRule>(BoundRule::Options{.name = std::move(name),
                                                        .metric = std::move(options.metric),
                                                        .upper = options.threshold_layer,
                                                        .action = options.action});
}

/// `metric_text`: what the option `metric` is.
template <typename Options>
RulePlugin unit_share_plugin(const char* name, const char* summary, const char* metric_text,
                             std::shared_ptr<StoppingRule> (*make)(Options)) {
  return rule_plugin<Options>(name, summary, make, &unit_share_mistakes<Options>,
                              [metric_text](auto& options, auto& visitor) {
                                visitor("metric", options.metric, metric_text);
                                visitor("threshold_layer", options.threshold_layer,
                                        "Largest share, in percent; from 0 to 100.");
                                visitor("action", options.action, action_text);
                              });
}

}  // namespace tunesmith
