#pragma once

#include <vector>

#include "search/trial_history.hpp"

namespace tunesmith {

/// The plateaus of a piecewise constant objective (trees, neighbours, anything that rounds): where
/// the three nearest trials gave one and the same value, to the bit (of every objective), the next
/// one there will too.
/// A Gaussian process cannot know that: it hopes for improvement anywhere on the best plateau,
/// trial after trial. Continuous objectives never repeat a value, so that nothing is ruled out
/// there.
class Plateaus {
 public:
  /// Trials that failed or have several objectives are left out. `lengthscales`: per coordinate,
  /// the metric in which trials are near. Both encoding and observations must outlive the object.
  Plateaus(const FeatureEncoding& encoding, const std::vector<Observation>& ended,
           Vector lengthscales);

  /// O(trials · coordinates).
  bool contain(const Point& point) const;

 private:
  const FeatureEncoding& encoding_;
  std::vector<const Observation*> trials_;
  Vector lengthscales_;
};

}  // namespace tunesmith
