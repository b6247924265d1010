#pragma once

#include <functional>
#include <memory>
#include <string>

#include "search/strategy_plugin.hpp"
#include "tunesmith/search.hpp"

namespace tunesmith {

/// asha_search under another name and with another default searcher.
std::shared_ptr<SearchStrategy> asha_named(
    const std::string& name, const AshaSearchOptions& options,
    const std::function<std::shared_ptr<SearchStrategy>()>& fallback);

/// Its entry in the registry.
StrategyPlugin asha_plugin(const std::string& name, const std::string& summary,
                           const std::string& searcher,
                           std::shared_ptr<SearchStrategy> (*make)(AshaSearchOptions));

}  // namespace tunesmith
