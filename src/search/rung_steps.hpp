#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace tunesmith {

/// What values at rungs become at later ones, learnt from the trials that came so far: from each
/// rung to the next a line with a normal error, fitted by least squares to those at both, of which
/// a few made-up ones say that differences stay as they are (an autoregressive chain as in Kennedy
/// & O'Hagan, "Predicting the output from a complex computer code when fast approximations are
/// available", Biometrika 87, 2000). That only the better ones come to the next rung does no harm
/// to a regression on the values by which they are chosen.
class RungSteps {
 public:
  /// Per trial its values by rung from the lowest, smaller or larger being better.
  explicit RungSteps(const std::vector<std::vector<double>>& values);

  /// Trials with a value at the rung.
  std::size_t count(std::size_t rung) const { return rung < counts_.size() ? counts_[rung] : 0; }

  struct Expected {
    double value = 0;
    double deviation = 0;
  };
  /// At rung `to` of a trial that has `value` at rung `from`. Precondition: from <= to, and
  /// count(to) > 0.
  Expected at(std::size_t from, double value, std::size_t to) const;

 private:
  struct Step {
    double slope = 1;
    double centre = 0;
    double centre_after = 0;
    double deviation = 0;
  };
  std::vector<std::size_t> counts_;
  /// steps_[k] leads from rung k to k + 1.
  std::vector<Step> steps_;
};

}  // namespace tunesmith
