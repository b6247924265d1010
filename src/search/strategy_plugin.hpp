#pragma once

#include <functional>
#include <memory>

#include "core/json_reader.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// What a strategy's source file hands to the registry; strategies.def names its function.
struct StrategyPlugin {
  PluginInfo info = {};
  /// Reads the options named in `info` and leaves mistakes with the reader, which the caller
  /// finishes. The result is used only where there was no mistake.
  std::function<std::shared_ptr<SearchStrategy>(ObjectReader& options)> make = {};
};

}  // namespace tunesmith
