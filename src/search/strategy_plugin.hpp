#pragma once

#include "core/plugin_table.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// What a strategy's source file hands to the registry; strategies.def names its function.
using StrategyPlugin = Plugin<std::shared_ptr<SearchStrategy>>;

}  // namespace tunesmith
