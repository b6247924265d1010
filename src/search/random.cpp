#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/numbers.hpp"
#include "core/random.hpp"
#include "search/draw.hpp"
#include "search/seen_set.hpp"
#include "search/sobol.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {
namespace {

class RandomSearch final : public SearchStrategy {
 public:
  explicit RandomSearch(RandomSearchOptions options) : options_(options) {}

  std::string name() const override { return "random"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    return options_.quasi_random ? sobol_points(view, count) : independent_draws(view, count);
  }

 private:
  static std::vector<Suggestion> independent_draws(const StudyView& view, int count) {
    const Problem& problem = view.problem();
    SeenSet seen(view);
    std::vector<Suggestion> suggestions;
    for (int i = 0; i < count; ++i) {
      RandomStream stream(problem.seed, view.size() + static_cast<std::size_t>(i), "random search");
      const auto next_point = [&] {
        std::vector<double> point(problem.space.dimension());
        for (double& x : point) x = stream.uniform();
        return point;
      };
      auto configuration = draw_new(problem.space, seen, next_point, stream);
      if (!configuration) break;
      seen.insert(*configuration);
      suggestions.push_back({.configuration = std::move(*configuration)});
    }
    return suggestions;
  }

  /// The sequence goes on after the last point used, which the trials' states tell: points that
  /// broke a constraint are passed over once, not by every later trial again.
  static std::vector<Suggestion> sobol_points(const StudyView& view, int count) {
    const Problem& problem = view.problem();
    const SobolSequence sequence(problem.space.dimension(), problem.seed);
    SeenSet seen(view);
    std::uint64_t index = points_used(view);
    const auto next_point = [&] { return sequence.point(index++); };
    std::vector<Suggestion> suggestions;
    for (int i = 0; i < count; ++i) {
      RandomStream choice(problem.seed, view.size() + static_cast<std::size_t>(i), "random search");
      auto configuration = draw_new(problem.space, seen, next_point, choice);
      if (!configuration) break;
      seen.insert(*configuration);
      suggestions.push_back(
          {.configuration = std::move(*configuration), .state = std::to_string(index)});
    }
    return suggestions;
  }

  static std::uint64_t points_used(const StudyView& view) {
    for (std::size_t i = view.size(); i-- > 0;) {
      const Trial& trial = view.trial(static_cast<TrialId>(i));
      const auto used = parse_integer(trial.strategy_state);
      if (used && *used >= 0) return static_cast<std::uint64_t>(*used);
    }
    return 0;
  }

  RandomSearchOptions options_;
};

}  // namespace

std::shared_ptr<SearchStrategy> random_search(RandomSearchOptions options) {
  return std::make_shared<RandomSearch>(options);
}

StrategyPlugin random_strategy() {
  return {
      .info = {.name = "random",
               .summary = "Independent draws, uniform on the scaled ranges.",
               .options = {{.name = "quasi_random",
                            .type = "bool",
                            .fallback = "false",
                            .text =
                                "Scrambled Sobol points, which cover the space more evenly than "
                                "independent draws."}}},
      .make =
          [](ObjectReader& options) {
            RandomSearchOptions read;
            read.quasi_random = options.boolean("quasi_random").value_or(read.quasi_random);
            return random_search(read);
          },
  };
}

}  // namespace tunesmith
