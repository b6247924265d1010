#include "search/bracket_search.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {

std::shared_ptr<SearchStrategy> successive_halving_search(HalvingSearchOptions options) {
  return bracket_search("successive_halving", options, true);
}

StrategyPlugin successive_halving_strategy() {
  return {
      .info = {.name = "successive_halving",
               .summary =
                   "Many short trials, of which the best of each eta go on, again and again, "
                   "around any other strategy.",
               .options = halving_options()},
      .make =
          [](ObjectReader& options) {
            const HalvingSearchOptions read = read_halving_options(options);
            return made_or_noted(options, [&] { return successive_halving_search(read); });
          },
  };
}

}  // namespace tunesmith
