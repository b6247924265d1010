#include <limits>
#include <stdexcept>

#include "support/catch.hpp"
#include "support/halving_search.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/simulated_executor.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith {
namespace {

constexpr int levels = 9;

Problem one_parameter() {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  problem.objectives = {{.metric = "loss", .goal = Goal::minimize}};
  return problem;
}

/// Nine levels; those of a large x take longer. Small x are best.
SimulatedCurve curve_of(const Configuration& configuration) {
  const double x = configuration.number("x");
  SimulatedCurve curve;
  for (int level = 1; level <= levels; ++level) {
    curve.reports.push_back({.resource = static_cast<double>(level),
                             .elapsed = Seconds(level * (60 + 60 * x)),
                             .metrics = {{"loss", x + 1.0 / level}}});
  }
  return curve;
}

/// Ends trials of a large x at level 3.
class StopsAtThree : public StoppingRule {
 public:
  std::string name() const override { return "stops_at_three"; }
  std::vector<Action> on_events(const StudyView&, std::span<const StoredEvent> news) override {
    std::vector<Action> actions;
    for (const StoredEvent& stored : news) {
      const Event& event = stored.event;
      if ((event.kind == EventKind::reported || event.kind == EventKind::measured) &&
          event.resource >= 3 && event.value > 0.5 + 1 / event.resource)
        actions.push_back({.trial = event.trial, .reason = "x is large"});
    }
    return actions;
  }
};

struct Simulation {
  std::shared_ptr<VirtualClock> clock = std::make_shared<VirtualClock>();
  std::shared_ptr<Store> store = open_store("memory:");
  StudyOptions study = {.name = "s",
                        .problem = one_parameter(),
                        .search = random_search(),
                        .store = store,
                        .clock = clock};

  TuningResult run(int workers, TunerOptions options, SimulatedObjective objective = curve_of) {
    Study opened(study);
    Tuner tuner(opened, simulated_executor(std::move(objective), clock, {.workers = workers}),
                std::move(options));
    return tuner.run();
  }

  std::vector<StoredEvent> log() {
    return store->events_since(store->open_study("s", to_json(study.problem)).key, 0, 1000000);
  }
};

bool same(const StoredEvent& a, const StoredEvent& b) {
  return a.sequence == b.sequence && a.event.kind == b.event.kind &&
         a.event.trial == b.event.trial && a.event.attempt == b.event.attempt &&
         a.event.resource == b.event.resource && a.event.value == b.event.value &&
         a.event.time == b.event.time && a.event.metric == b.event.metric &&
         (a.event.kind == EventKind::session || a.event.payload == b.event.payload);
}

}  // namespace

TEST_CASE("a simulated trial takes the time of its curve on the virtual clock") {
  Simulation simulation;
  const TuningResult result = simulation.run(1, {.budget = {.max_trials = 2}});
  CHECK(result.reason == EndReason::trials_spent);
  REQUIRE(result.view.count(TrialState::completed) == 2);
  double end = 86400;
  for (TrialId id = 0; id < 2; ++id) {
    const Trial& trial = result.view.trial(id);
    CHECK(trial.reports.size() == levels);
    CHECK(trial.started == Approx(end).epsilon(1e-12));
    end += levels * (60 + 60 * trial.configuration.number("x"));
    CHECK(trial.ended == Approx(end).epsilon(1e-12));
  }
  CHECK(simulation.clock->monotonic().count() == Approx(end - 86400));
}

TEST_CASE("events of parallel workers come in the order of virtual time") {
  Simulation simulation;
  const TuningResult result =
      simulation.run(4, {.budget = {.max_trials = 30}, .probe_first = false});
  double latest = 0;
  double work = 0;
  for (const StoredEvent& stored : simulation.log()) {
    CHECK(stored.event.time >= latest);
    latest = stored.event.time;
  }
  for (TrialId id = 0; id < 30; ++id)
    work += levels * (60 + 60 * result.view.trial(id).configuration.number("x"));
  CHECK(simulation.clock->monotonic().count() > work / 4 - 1);
  CHECK(simulation.clock->monotonic().count() < work / 4 + levels * 120);
}

TEST_CASE("a simulation gives the same log every time") {
  const auto log = [] {
    Simulation simulation;
    simulation.study.search = std::make_shared<HalvingSearch>();
    simulation.run(3, {.budget = {.max_trials = 40}});
    return simulation.log();
  };
  const auto first = log();
  const auto second = log();
  REQUIRE(first.size() > 200);
  REQUIRE(first.size() == second.size());
  for (std::size_t i = 0; i < first.size(); ++i) CHECK(same(first[i], second[i]));
}

TEST_CASE("stopped trials end at the report that was answered so") {
  Simulation simulation;
  simulation.study.stopping_rules = {std::make_shared<StopsAtThree>()};
  const TuningResult result = simulation.run(2, {.budget = {.max_trials = 20}});
  int stopped = 0;
  for (TrialId id = 0; id < 20; ++id) {
    const Trial& trial = result.view.trial(id);
    const double x = trial.configuration.number("x");
    CHECK((trial.state == TrialState::stopped) == (x > 0.5));
    CHECK(trial.reports.size() == (x > 0.5 ? 3U : static_cast<unsigned>(levels)));
    const double length = x > 0.5 ? 3 : levels;
    CHECK(trial.ended - trial.started == Approx(length * (60 + 60 * x)));
    stopped += x > 0.5 ? 1 : 0;
  }
  CHECK(stopped > 3);
}

TEST_CASE("paused trials go on from where they were, at no cost") {
  Simulation simulation;
  simulation.study.search = std::make_shared<HalvingSearch>();
  int calls = 0;
  const TuningResult result =
      simulation.run(1, {.budget = {.max_trials = 27}}, [&](const Configuration& configuration) {
        ++calls;
        return curve_of(configuration);
      });
  CHECK(calls == 27);
  double work = 0;
  int resumed = 0;
  for (TrialId id = 0; id < static_cast<TrialId>(result.view.size()); ++id) {
    const Trial& trial = result.view.trial(id);
    const std::size_t reports = trial.reports.size();
    CHECK((reports == 1 || reports == 3 || reports == 9));
    for (std::size_t i = 0; i < reports; ++i)
      CHECK(trial.reports[i].resource == static_cast<double>(i + 1));
    work += static_cast<double>(reports) * (60 + 60 * trial.configuration.number("x"));
    resumed += trial.attempt > 1 ? 1 : 0;
  }
  CHECK(resumed >= 9);
  CHECK(simulation.clock->monotonic().count() == Approx(work));
}

TEST_CASE("simulated trials crash, throw, and have curves that cannot be") {
  Simulation simulation;
  int call = 0;
  const TuningResult result =
      simulation.run(1, {.budget = {.max_trials = 6}, .max_first_failures = 0},
                     [&](const Configuration& configuration) -> SimulatedCurve {
                       SimulatedCurve curve = curve_of(configuration);
                       switch (call++) {
                         case 0:
                           curve.reports.resize(2);
                           curve.result = {.outcome = Outcome::failed, .reason = "out of memory"};
                           curve.duration = Seconds(1000);
                           return curve;
                         case 1:
                           throw std::runtime_error("no such curve");
                         case 2:
                           std::swap(curve.reports[0].resource, curve.reports[1].resource);
                           return curve;
                         case 3:
                           curve.reports[4].elapsed = Seconds(0);
                           return curve;
                         case 4:
                           return {.duration = Seconds(5), .result = {.metrics = {{"loss", 0.25}}}};
                         default:
                           return curve;
                       }
                     });
  const auto failed_with = [&](TrialId id, const std::string& words) {
    const Trial& trial = result.view.trial(id);
    return trial.state == TrialState::failed && trial.reason.find(words) != std::string::npos;
  };
  CHECK(failed_with(0, "out of memory"));
  CHECK(result.view.trial(0).reports.size() == 2);
  CHECK(result.view.trial(0).ended - result.view.trial(0).started == Approx(1000));
  CHECK(failed_with(1, "no such curve"));
  CHECK(failed_with(2, "do not rise"));
  CHECK(failed_with(3, "go back"));
  REQUIRE(result.view.trial(4).state == TrialState::completed);
  CHECK(result.view.trial(4).metrics.at("loss") == 0.25);
  CHECK(result.view.trial(4).ended - result.view.trial(4).started == Approx(5));
  CHECK(result.view.trial(5).state == TrialState::completed);
}

TEST_CASE("a budget of time is one of virtual time") {
  Simulation simulation;
  const TuningResult result = simulation.run(2, {.budget = {.max_time = Seconds(3600 * 5)}});
  CHECK(result.reason == EndReason::time_spent);
  CHECK(simulation.clock->monotonic().count() >= 3600 * 5);
  CHECK(simulation.clock->monotonic().count() < 3600 * 5 + 120);
  CHECK(result.view.size() > 30);
}

TEST_CASE("what a simulation cannot do without") {
  const auto clock = std::make_shared<VirtualClock>();
  CHECK_THROWS_AS(simulated_executor({}, clock), Error);
  CHECK_THROWS_AS(simulated_executor(curve_of, nullptr), Error);
  CHECK_THROWS_AS(simulated_executor(curve_of, clock, {.workers = 0}), Error);
  clock->advance_to(Seconds(5));
  clock->advance_to(Seconds(3));
  CHECK(clock->monotonic() == Seconds(5));
}

}  // namespace tunesmith
