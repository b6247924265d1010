#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "tunesmith/search.hpp"

namespace tunesmith {

/// Suggestions from a sequence of points of the unit cube, one after the other. The sequence goes
/// on after the last point used, which the trials' states tell: points that broke a constraint are
/// passed over once, not by every later trial again.
std::vector<Suggestion> suggest_from_sequence(
    const StudyView& view, int count,
    const std::function<std::vector<double>(std::uint64_t)>& point);

}  // namespace tunesmith
