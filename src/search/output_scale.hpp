#pragma once

#include <span>
#include <utility>
#include <vector>

#include "surrogate/eigen.hpp"

namespace tunesmith {

/// What differences of a model's outputs are in the objective's own unit. Outputs are a monotone
/// transform of the values, whatever it is, known at the trials: linear between them, and beyond
/// the worst as steep as over all of them.
class OutputScale {
 public:
  /// `values`: NaN where a trial failed; larger is better. `outputs`: of the same trials.
  OutputScale(std::span<const double> values, const Vector& outputs);

  /// By how much the value is worse where the output is less by `by` (≥ 0) than `from`, which is
  /// taken for the best trial's where it is above: what lies beyond the best is measured by the
  /// scale just below it. At most the largest double.
  double difference(double from, double by) const;

 private:
  double value_at(double output) const;

  /// (output, value), ascending.
  std::vector<std::pair<double, double>> known_;
};

}  // namespace tunesmith
