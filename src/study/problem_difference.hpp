#pragma once

#include <vector>

#include "tunesmith/problem.hpp"

namespace tunesmith {

/// Where the JSON forms of two problems differ: one mistake per path, with both values and the way
/// out. Empty: they are equal.
std::vector<Mistake> problem_difference(const Problem& stored, const Problem& given);

}  // namespace tunesmith
