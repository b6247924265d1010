#include "search/point_sequence.hpp"

#include <optional>
#include <string>
#include <utility>

#include "core/numbers.hpp"
#include "core/random.hpp"
#include "search/draw.hpp"
#include "search/seen_set.hpp"

namespace tunesmith {
namespace {

std::uint64_t points_used(const StudyView& view) {
  for (std::size_t i = view.size(); i-- > 0;) {
    const Trial& trial = view.trial(static_cast<TrialId>(i));
    const auto used = parse_integer(trial.strategy_state);
    if (used && *used >= 0) return static_cast<std::uint64_t>(*used);
  }
  return 0;
}

}  // namespace

std::vector<Suggestion> suggest_from_sequence(
    const StudyView& view, int count,
    const std::function<std::vector<double>(std::uint64_t)>& point) {
  const Problem& problem = view.problem();
  SeenSet seen(view);
  std::uint64_t index = points_used(view);
  const auto next_point = [&] { return point(index++); };
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

}  // namespace tunesmith
