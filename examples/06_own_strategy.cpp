// A search strategy of your own, held to the contract by the kit that tunesmith's own ones pass.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <random>

#include "tunesmith/testing/conformance.hpp"
#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;

namespace {

/// Steps at random around the best trial, ever more finely; uniform draws where that finds nothing
/// new.
class Neighbours final : public ts::SearchStrategy {
 public:
  std::string name() const override { return "neighbours"; }

  std::vector<ts::Suggestion> suggest(const ts::StudyView& view, int) override {
    // One at a time: the next call sees this one as running.
    const auto best = view.best();
    if (!best) return uniform_->suggest(view, 1);
    const ts::Space& space = view.problem().space;
    const std::vector<double> centre = space.encode(view.trial(*best).configuration);
    const double width =
        0.5 / std::sqrt(1.0 + static_cast<double>(view.count(ts::TrialState::completed)));
    // Nothing but the view decides, so that any suggestion can be computed again.
    std::mt19937_64 bits(view.problem().seed * 1000003 + view.size());
    for (int tries = 0; tries < 20; ++tries) {
      std::vector<double> point = centre;
      for (double& x : point) {
        const double u = static_cast<double>(bits() >> 11) * 0x1p-53;
        x = std::clamp(x + width * (2 * u - 1), 0.0, 1.0);
      }
      const ts::Configuration configuration = space.decode(point);
      if (space.satisfies(configuration) && !is_known(view, configuration)) {
        return {{.configuration = configuration, .note = "beside trial " + std::to_string(*best)}};
      }
    }
    return uniform_->suggest(view, 1);
  }

 private:
  static bool is_known(const ts::StudyView& view, const ts::Configuration& configuration) {
    for (ts::TrialId id = 0; id < static_cast<ts::TrialId>(view.size()); ++id) {
      if (view.trial(id).configuration == configuration) return true;
    }
    return false;
  }

  std::shared_ptr<ts::SearchStrategy> uniform_ = ts::random_search();
};

}  // namespace

int main() {
  ts::Space space;
  space.add_float("x", {.min = 0, .max = 1}).add_float("y", {.min = 0, .max = 1});
  ts::Study study({.problem = {.space = space, .objectives = {{.metric = "loss"}}},
                   .search = std::make_shared<Neighbours>()});
  study.set_budget({.max_trials = 60});
  while (const auto run = study.ask()) {
    const double x = run->configuration.number("x") - 0.2;
    const double y = run->configuration.number("y") - 0.6;
    study.tell(*run, x * x + y * y);
  }
  const ts::StudyView view = study.view();
  std::cout << "best loss below 0.01: " << std::boolalpha
            << (*view.objective(view.trial(*view.best())) < 0.01) << "\n";

  const auto conformance = ts::testing::check_strategy(
      {.make = [] { return std::make_shared<Neighbours>(); }, .longest_history = 500});
  std::cout << (conformance.holds() ? "the contract is kept\n" : conformance.report());
}
