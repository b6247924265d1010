// A search strategy in one file: draws around the best trial so far.
#include <algorithm>

#include "search/draw.hpp"
#include "search/strategy_plugin.hpp"

namespace tunesmith {
namespace {

class NearbySearch final : public SearchStrategy {
 public:
  explicit NearbySearch(double radius) : radius_(radius) {}

  std::string name() const override { return "nearby"; }

  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    const Problem& problem = view.problem();
    std::vector<double> centre(problem.space.dimension(), 0.5);
    const auto best = view.best();
    if (best) centre = problem.space.encode(view.trial(*best).configuration);

    SeenSet seen(view);
    std::vector<Suggestion> suggestions;
    for (int i = 0; i < count; ++i) {
      // Keyed by the number of the suggestion, so that it can be recomputed in any process.
      RandomStream stream(problem.seed, view.size() + static_cast<std::size_t>(i), "nearby search");
      const auto next_point = [&] {
        std::vector<double> point = centre;
        for (double& x : point) x = std::clamp(x + radius_ * stream.normal(), 0.0, 1.0);
        return point;
      };
      auto configuration = draw_new(problem.space, seen, next_point, stream);
      if (!configuration) break;
      seen.insert(*configuration);
      suggestions.push_back(
          {.configuration = std::move(*configuration),
           .note = best ? "near trial " + std::to_string(*best) : "near the centre"});
    }
    return suggestions;
  }

 private:
  double radius_;
};

}  // namespace

StrategyPlugin nearby_strategy() {
  return {
      .info = {.name = "nearby",
               .summary = "Draws around the best trial so far.",
               .options = {{.name = "radius",
                            .type = "float",
                            .fallback = "0.2",
                            .text = "Standard deviation in the unit cube, above 0."}}},
      .make =
          [](ObjectReader& options) {
            return std::make_shared<NearbySearch>(options.number("radius").value_or(0.2));
          },
  };
}

}  // namespace tunesmith
