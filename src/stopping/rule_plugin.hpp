#pragma once

#include "core/plugin_table.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {

/// What a stopping rule's source file hands to the registry; rules.def names its function.
using RulePlugin = Plugin<std::shared_ptr<StoppingRule>>;

}  // namespace tunesmith
