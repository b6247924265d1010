#include "cli/curves.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/halving_search.hpp"
#include "tunesmith/simulated_executor.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith::cli {

TEST_CASE("curves of a study are what its trials reported, with the time of each level") {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1}).add_categorical("kind", {"a", "b"});
  problem.objectives = {{.metric = "loss"}};
  const auto curve_of = [](const Configuration& configuration) {
    const double x = configuration.number("x");
    SimulatedCurve curve;
    for (int level = 1; level <= 9; ++level) {
      curve.reports.push_back({.resource = static_cast<double>(level),
                               .elapsed = Seconds(level * (60 + 60 * x)),
                               .metrics = {{"loss", x + 1.0 / level}, {"odd", HUGE_VAL}}});
    }
    return curve;
  };
  const auto clock = std::make_shared<VirtualClock>();
  Study study({.name = "s",
               .problem = problem,
               .search = std::make_shared<HalvingSearch>(),
               .clock = clock});
  Tuner tuner(study, simulated_executor(curve_of, clock, {.workers = 3}),
              {.budget = {.max_trials = 27}});
  const StudyView view = tuner.run().view;
  const auto events = study.store().events_since(study.key(), 0, 100000);
  REQUIRE(std::ssize(events) == view.prefix());

  const RecordedCurves read =
      RecordedCurves::from_json_lines(problem.space, curves_text(view, events));
  REQUIRE(read.trials().size() == view.size());
  std::size_t resumed = 0;
  for (const RecordedTrial& recorded : read.trials()) {
    const SimulatedCurve whole = curve_of(recorded.configuration);
    REQUIRE(recorded.curve.reports.size() <= whole.reports.size());
    resumed += recorded.curve.reports.size() > 1 ? 1 : 0;
    for (std::size_t i = 0; i < recorded.curve.reports.size(); ++i) {
      CHECK(recorded.curve.reports[i].resource == whole.reports[i].resource);
      CHECK(recorded.curve.reports[i].metrics == whole.reports[i].metrics);
      CHECK(recorded.curve.reports[i].elapsed.count() == Approx(whole.reports[i].elapsed.count()));
    }
  }
  CHECK(resumed >= 5);
}

}  // namespace tunesmith::cli
