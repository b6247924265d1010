#pragma once

#include <string>

#include "core/json.hpp"
#include "tunesmith/space.hpp"

namespace tunesmith {

/// Options of the strategy with the level at which a trial has run to its end: where the strategy
/// takes a "max_resource" and none, or 0, is given, it is the script's own number of epochs, if a
/// fixed parameter of the space says one (see infer_epochs).
Json with_max_resource(const std::string& strategy, Json options, const Space& space);

}  // namespace tunesmith
