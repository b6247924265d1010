#pragma once

#include "stopping/curve.hpp"

namespace tunesmith {

struct RunningMeanState {
  int count = 0;
  double mean = 0;
};
/// A trial's values with their means up to each level.
using RunningMeanCurve = Curve<double, RunningMeanState>;

inline void put(RunningMeanCurve& curve, double level, double value) {
  curve.put(
      level, [&](double& at_level) { at_level = value; },
      [](const RunningMeanState* before, double /*level*/, double one) {
        if (before == nullptr) return RunningMeanState{1, one};
        const double count = before->count + 1;
        // Written so that sums of huge values do not overflow.
        return RunningMeanState{before->count + 1,
                                before->mean * ((count - 1) / count) + one / count};
      });
}

}  // namespace tunesmith
