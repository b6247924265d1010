#include "search/asha_search.hpp"

namespace tunesmith {

std::shared_ptr<SearchStrategy> multi_fidelity_search(AshaSearchOptions options) {
  return asha_named("multi_fidelity", options, AshaType::promotion, &auto_search, true);
}

StrategyPlugin multi_fidelity_strategy() {
  return asha_plugin("multi_fidelity",
                     "Asynchronous successive halving around a model that learns from all rungs.",
                     AshaType::promotion, "auto", &multi_fidelity_search);
}

}  // namespace tunesmith
