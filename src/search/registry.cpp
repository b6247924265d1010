#include <algorithm>
#include <utility>

#include "search/strategy_plugin.hpp"

namespace tunesmith {

#define TUNESMITH_STRATEGY(name) StrategyPlugin name##_strategy();
#include "search/strategies.def"
#undef TUNESMITH_STRATEGY

namespace {

const std::vector<StrategyPlugin>& plugins() {
  static const std::vector<StrategyPlugin> all = {
#define TUNESMITH_STRATEGY(name) name##_strategy(),
#include "search/strategies.def"
#undef TUNESMITH_STRATEGY
  };
  return all;
}

Mistake unknown_strategy(std::string_view name) {
  std::vector<std::string> names;
  for (const StrategyPlugin& plugin : plugins()) names.push_back(plugin.info.name);
  std::string allowed;
  for (const std::string& known : names) allowed += (allowed.empty() ? "" : ", ") + known;
  const std::string guess = closest(name, names);
  return {.path = "",
          .what = "there is no search strategy '" + std::string(name) + "'" +
                  (guess.empty() ? "" : "; did you mean '" + guess + "'?"),
          .allowed = allowed};
}

}  // namespace

const std::vector<PluginInfo>& search_strategies() {
  static const std::vector<PluginInfo> infos = [] {
    std::vector<PluginInfo> list;
    for (const StrategyPlugin& plugin : plugins()) list.push_back(plugin.info);
    return list;
  }();
  return infos;
}

std::shared_ptr<SearchStrategy> make_search(std::string_view name, std::string_view options_json) {
  std::vector<Mistake> mistakes;
  std::shared_ptr<SearchStrategy> strategy;
  const Json json = parse_json(options_json, mistakes);
  const auto plugin = std::find_if(plugins().begin(), plugins().end(),
                                   [&](const StrategyPlugin& p) { return p.info.name == name; });
  if (plugin == plugins().end()) {
    mistakes.push_back(unknown_strategy(name));
  } else if (!json.is_discarded()) {
    ObjectReader options(json, "", mistakes);
    strategy = plugin->make(options);
    options.finish();
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
  return strategy;
}

}  // namespace tunesmith
