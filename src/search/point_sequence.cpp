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

/// Points used up by the trials from `begin` on; nothing where they come from no sequence.
std::optional<std::uint64_t> points_used(const StudyView& view, TrialId begin) {
  for (auto id = static_cast<TrialId>(view.size()); id-- > begin;) {
    const auto used = parse_integer(view.trial(id).strategy_state);
    if (used && *used >= 0) return static_cast<std::uint64_t>(*used);
  }
  return {};
}

}  // namespace

std::vector<Suggestion> PointSequence::suggest(
    const StudyView& view, int count,
    const std::function<std::vector<double>(std::uint64_t)>& point) {
  if (!follower_.follow(view)) {
    used_ = 0;
    end_ = 0;
  }
  used_ = points_used(view, end_).value_or(used_);
  end_ = static_cast<TrialId>(view.size());

  const Problem& problem = view.problem();
  SeenSet seen(view, follower_);
  std::uint64_t index = used_;
  const auto next_point = [&] { return point(index++); };
  std::vector<Suggestion> suggestions;
  for (int i = 0; i < count; ++i) {
    RandomStream choice(problem.seed, view.size() + static_cast<std::size_t>(i), "random search");
    auto configuration = draw_new(problem.space, seen, next_point, choice);
    if (!configuration) break;
    if (i + 1 < count) seen.insert(*configuration);
    suggestions.push_back(
        {.configuration = std::move(*configuration), .state = std::to_string(index)});
  }
  return suggestions;
}

}  // namespace tunesmith
