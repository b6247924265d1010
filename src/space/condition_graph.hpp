#pragma once

#include <utility>
#include <vector>

#include "tunesmith/space.hpp"

namespace tunesmith {

/// Who depends on whom: an arrow from each conditional parameter to its parents. Conditions on
/// unknown names are no arrows.
class ConditionGraph {
 public:
  /// `space` must outlive the graph.
  explicit ConditionGraph(const Space& space);

  /// One arrow (child, parent) for every circle, starting at the member that comes first in the
  /// space.
  const std::vector<std::pair<const Parameter*, const Parameter*>>& cycles() const {
    return cycles_;
  }

  /// Parameters one level deeper than allowed; not those below them.
  const std::vector<const Parameter*>& too_deep() const { return too_deep_; }

 private:
  std::vector<std::pair<const Parameter*, const Parameter*>> cycles_;
  std::vector<const Parameter*> too_deep_;
};

}  // namespace tunesmith
