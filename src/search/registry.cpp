#include "search/strategy_plugin.hpp"

namespace tunesmith {

#define TUNESMITH_STRATEGY(name) StrategyPlugin name##_strategy();
#include "search/strategies.def"
#undef TUNESMITH_STRATEGY

namespace {

const PluginTable<std::shared_ptr<SearchStrategy>>& table() {
  static const PluginTable<std::shared_ptr<SearchStrategy>> strategies("search strategy", {
#define TUNESMITH_STRATEGY(name) name##_strategy(),
#include "search/strategies.def"
#undef TUNESMITH_STRATEGY
                                                                                          });
  return strategies;
}

}  // namespace

const std::vector<PluginInfo>& search_strategies() { return table().infos(); }

std::shared_ptr<SearchStrategy> make_search(std::string_view name, std::string_view options_json) {
  return table().make(name, options_json);
}

}  // namespace tunesmith
