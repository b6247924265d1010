#pragma once

#include <optional>
#include <string>

#include "tunesmith/stopping.hpp"

namespace tunesmith {

/// Judges every report of a metric by itself: threshold_rule and the health rules that are bounds.
class BoundRule final : public StoppingRule {
 public:
  struct Options {
    std::string name = {};
    /// Empty: the first objective, or with `any_metric` every metric.
    std::string metric = {};
    bool any_metric = false;
    /// Bounds of the value, with `absolute` of its absolute value.
    std::optional<double> lower = {};
    std::optional<double> upper = {};
    bool absolute = false;
    /// Whether NaN, or an infinity, is out of bounds by itself; NaN is within all others.
    bool nan = false;
    bool infinite = false;
    double min_level = -run_to_end;
    Action::Kind action = Action::Kind::stop_trial;
  };

  explicit BoundRule(Options options) : options_(std::move(options)) {}

  std::string name() const override { return options_.name; }
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override;

 private:
  /// What is wrong with a value; empty where nothing is.
  std::string fault(double value) const;

  Options options_;
};

}  // namespace tunesmith
