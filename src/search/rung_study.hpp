#pragma once

#include <memory>
#include <vector>

#include "search/rung_ladder.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// A study whose trials run up to different levels, as a strategy that knows of no levels can learn
/// from it: the values are those at one level, the highest where at least max(d + 1, 8) trials have
/// one (d parameters), else the lowest; trials that ended or paused below tell nothing there, and
/// each lower rung with as many values is an earlier study. A trial that ended by itself has its
/// final value at all levels beyond. Keeps the earlier studies as long as they hold, so that models
/// of them do too. Not synchronised.
class RungStudy {
 public:
  explicit RungStudy(const RungLadder& ladder) : ladder_(ladder) {}

  /// A pure function of the view but for the identity of the earlier studies. O(trials · rungs).
  StudyView at_best_level(const StudyView& view);

 private:
  std::shared_ptr<const ParentStudy> earlier_study(const StudyView& view, std::size_t rung,
                                                   std::size_t trials);

  RungLadder ladder_;
  /// Per rung; null where there is none.
  std::vector<std::shared_ptr<const ParentStudy>> kept_;
};

}  // namespace tunesmith
