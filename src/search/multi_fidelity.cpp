#include "search/asha_search.hpp"

namespace tunesmith {

std::shared_ptr<SearchStrategy> multi_fidelity_search(AshaSearchOptions options) {
  return asha_named("multi_fidelity", options, &auto_search);
}

StrategyPlugin multi_fidelity_strategy() {
  return asha_plugin("multi_fidelity",
                     "Asynchronous successive halving around a model that learns from all rungs.",
                     "auto", &multi_fidelity_search);
}

}  // namespace tunesmith
