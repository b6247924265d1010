#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "search/seen_set.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

/// Decodes points of the unit cube until one is a configuration that keeps the constraints and is
/// not in `seen`. After many vain tries the remaining configurations are counted out and one of
/// them is taken by `choice`, so that the last one of a finite space is found too.
///
/// Nothing: no configuration is left. Throws Error{invalid_space} where none that keeps the
/// constraints can be found.
std::optional<Configuration> draw_new(const Space& space, const SeenSet& seen,
                                      const std::function<std::vector<double>()>& next_point,
                                      RandomStream& choice);

}  // namespace tunesmith
