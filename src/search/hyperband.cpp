#include "search/bracket_search.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {

std::shared_ptr<SearchStrategy> hyperband_search(HalvingSearchOptions options) {
  return bracket_search("hyperband", options, false);
}

StrategyPlugin hyperband_strategy() {
  return {
      .info = {.name = "hyperband",
               .summary = "Brackets of successive halving, from many short trials to few long "
                          "ones, around any other strategy.",
               .options = halving_options()},
      .make =
          [](ObjectReader& options) {
            const HalvingSearchOptions read = read_halving_options(options);
            return made_or_noted(options, [&] { return hyperband_search(read); });
          },
  };
}

}  // namespace tunesmith
