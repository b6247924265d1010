#pragma once

#include "search/rung_ladder.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// A study whose trials run up to different levels, as a strategy that knows of no levels can learn
/// from it: all that reached a rung have ended with the value that they have at one level, the
/// highest where a few trials have one; those that have not come so far with what is to be expected
/// there of their last value, and its standard error (RungSteps).
class RungStudy {
 public:
  explicit RungStudy(const RungLadder& ladder) : ladder_(ladder) {}

  /// A pure function of the view. O(trials · rungs).
  StudyView at_top_level(const StudyView& view) const;

 private:
  RungLadder ladder_;
};

}  // namespace tunesmith
