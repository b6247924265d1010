#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "search/view_follower.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// Suggestions from a sequence of points of the unit cube, one after the other. The sequence goes
/// on after the last point used, which the trials' states tell: points that broke a constraint are
/// passed over once, not by every later trial again. What it keeps between two calls has no effect
/// on its answers. Not synchronised.
class PointSequence {
 public:
  std::vector<Suggestion> suggest(const StudyView& view, int count,
                                  const std::function<std::vector<double>(std::uint64_t)>& point);

 private:
  ViewFollower follower_;
  /// Points used up by the trials below `end_`.
  std::uint64_t used_ = 0;
  TrialId end_ = 0;
};

}  // namespace tunesmith
