#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/random.hpp"
#include "search/draw.hpp"
#include "search/seen_set.hpp"
#include "search/space_prior.hpp"
#include "search/strategy_plugin.hpp"
#include "search/view_follower.hpp"

namespace tunesmith {
namespace {

class RandomSearch final : public SearchStrategy {
 public:
  std::string name() const override { return "random"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    // Studies that share the strategy share what it keeps.
    const std::lock_guard lock(mutex_);
    follower_.follow(view);
    const Problem& problem = view.problem();
    const SpacePrior prior(problem.space);
    SeenSet seen(view, follower_);
    std::vector<Suggestion> suggestions;
    for (int i = 0; i < count; ++i) {
      RandomStream stream(problem.seed, view.size() + static_cast<std::size_t>(i), "random search");
      const auto next_point = [&] {
        std::vector<double> point(problem.space.dimension());
        for (double& x : point) x = stream.uniform();
        // Half of the draws: where the user is wrong, random search is half as fast.
        if (!prior.empty() && stream.below(2) == 0) prior.shape(point);
        return point;
      };
      auto configuration = draw_new(problem.space, seen, next_point, stream);
      if (!configuration) break;
      if (i + 1 < count) seen.insert(*configuration);
      suggestions.push_back({.configuration = std::move(*configuration)});
    }
    return suggestions;
  }

 private:
  std::mutex mutex_;
  ViewFollower follower_;
};

}  // namespace

std::shared_ptr<SearchStrategy> random_search() { return std::make_shared<RandomSearch>(); }

StrategyPlugin random_strategy() {
  return {
      .info = {.name = "random",
               .summary = "Independent draws, uniform on the scaled ranges; every other one "
                          "by the priors, where there are any."},
      .make = [](ObjectReader&) { return random_search(); },
  };
}

}  // namespace tunesmith
