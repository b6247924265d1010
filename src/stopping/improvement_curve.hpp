#pragma once

#include <string>

#include "core/numbers.hpp"
#include "stopping/curve.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

struct ImprovementState {
  /// In the sense that smaller is better.
  double best = 0;
  double best_level = 0;
  /// Levels in a row that did not improve on it.
  int since = 0;
};
/// A trial's own best so far and how long it has stood.
using ImprovementCurve = Curve<double, ImprovementState>;

/// Takes a report in. `sign` is 1 where smaller is better, else −1; an improvement is above 0 and
/// at least `min_delta`.
inline void put(ImprovementCurve& curve, const Event& report, double sign, double min_delta) {
  curve.put(
      report.resource, [&](double& value) { value = sign * report.value; },
      [&](const ImprovementState* before, double level, double value) {
        if (before == nullptr || (value < before->best && before->best - value >= min_delta)) {
          return ImprovementState{.best = value, .best_level = level};
        }
        return ImprovementState{before->best, before->best_level, before->since + 1};
      });
}

inline std::string no_improvement_text(const std::string& metric, const ImprovementCurve& curve,
                                       double sign) {
  const ImprovementState& state = curve.back().state;
  return metric + " has not improved on " + number_text(sign * state.best) + " at " +
         number_text(state.best_level) + " for " + std::to_string(state.since) + " levels";
}

}  // namespace tunesmith
