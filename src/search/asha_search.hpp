#pragma once

#include <functional>
#include <memory>
#include <string>

#include "search/strategy_plugin.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// asha_search under another name and with other defaults. `explores`: as HalvingSearcher's.
std::shared_ptr<SearchStrategy> asha_named(
    const std::string& name, const AshaSearchOptions& options, AshaType fallback_type,
    const std::function<std::shared_ptr<SearchStrategy>()>& fallback, bool explores = false);

/// Its entry in the registry.
StrategyPlugin asha_plugin(const std::string& name, const std::string& summary, AshaType type,
                           const std::string& searcher,
                           std::shared_ptr<SearchStrategy> (*make)(AshaSearchOptions));

}  // namespace tunesmith
