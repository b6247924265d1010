#include "stopping/bound_rule.hpp"

#include <cmath>

#include "core/numbers.hpp"
#include "stopping/trial_rule.hpp"

namespace tunesmith {

std::vector<Action> BoundRule::on_events(const StudyView& view, std::span<const StoredEvent> news) {
  const std::string& metric = metric_or_objective(options_.metric, view.problem());
  const bool any = options_.any_metric && options_.metric.empty();
  std::vector<Action> actions;
  for (const auto& [sequence, event] : news) {
    if (event.kind != EventKind::reported || event.resource < options_.min_level) continue;
    if (!any && event.metric != metric) continue;
    const std::string what = fault(event.value);
    if (what.empty()) continue;
    actions.push_back({.kind = options_.action,
                       .trial = event.trial,
                       .reason = event.metric + " " + number_text(event.value) + " at " +
                                 number_text(event.resource) + what});
  }
  return actions;
}

std::string BoundRule::fault(double value) const {
  if (std::isnan(value)) return options_.nan ? " is no number" : "";
  if (std::isinf(value) && options_.infinite) return " is not finite";
  const double size = options_.absolute ? std::abs(value) : value;
  if (options_.lower && size < *options_.lower) return " is below " + number_text(*options_.lower);
  if (options_.upper && size > *options_.upper) return " is above " + number_text(*options_.upper);
  return "";
}

}  // namespace tunesmith
