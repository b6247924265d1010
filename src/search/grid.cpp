#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.hpp"
#include "search/configuration_counter.hpp"
#include "search/seen_set.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {
namespace {

using Digits = std::vector<std::uint64_t>;

/// A trial's state is the counter's place, as a JSON array. Nothing: the trial is not from a grid.
std::optional<Digits> digits_of(const Trial& trial) {
  if (!trial.strategy_state.starts_with('[')) return std::nullopt;
  std::vector<Mistake> mistakes;
  const Json json = parse_json(trial.strategy_state, mistakes);
  Digits digits;
  if (!mistakes.empty()) return std::nullopt;
  for (const Json& digit : json) {
    if (!digit.is_number_integer() || digit.get<std::int64_t>() < 0) return std::nullopt;
    digits.push_back(digit.get<std::uint64_t>());
  }
  return digits;
}

void require_finite(const Space& space) {
  std::vector<Mistake> mistakes;
  for (const Parameter& parameter : space.parameters()) {
    if (parameter.cardinality()) continue;
    mistakes.push_back({.path = "/parameters" + pointer_step(parameter.name),
                        .what = "has too many values for a grid",
                        .allowed = "a step, or another type"});
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_space, std::move(mistakes));
}

class GridSearch final : public SearchStrategy {
 public:
  std::string name() const override { return "grid"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    const Space& space = view.problem().space;
    require_finite(space);
    ConfigurationCounter counter(space);
    for (std::size_t i = view.size(); i-- > 0;) {
      const auto last = digits_of(view.trial(static_cast<TrialId>(i)));
      if (last && counter.resume_after(*last)) break;
    }
    // The grid's own trials lie behind the counter; only the others can come up again.
    const SeenSet seen(view,
                       [](const Trial& trial) { return !trial.strategy_state.starts_with('['); });
    std::vector<Suggestion> suggestions;
    while (static_cast<int>(suggestions.size()) < count && counter.next()) {
      Configuration configuration = counter.configuration();
      if (seen.contains(configuration)) continue;
      suggestions.push_back(
          {.configuration = std::move(configuration), .state = json_text(Json(counter.digits()))});
    }
    return suggestions;
  }
};

}  // namespace

std::shared_ptr<SearchStrategy> grid_search() { return std::make_shared<GridSearch>(); }

StrategyPlugin grid_strategy() {
  return {
      .info =
          {.name = "grid",
           .summary =
               "Every configuration of a finite space once, the last parameter varying fastest."},
      .make = [](ObjectReader&) { return grid_search(); },
  };
}

}  // namespace tunesmith
