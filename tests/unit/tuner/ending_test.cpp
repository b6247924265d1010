#include <algorithm>
#include <cmath>
#include <functional>

#include "core/random.hpp"
#include "fake_executor.hpp"
#include "support/catch.hpp"
#include "tunesmith/convergence.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith {
namespace {

Problem square() {
  Problem problem;
  problem.space.add_float("x", {.min = -5, .max = 10, .scale = Scale::linear})
      .add_float("y", {.min = 0, .max = 15, .scale = Scale::linear});
  problem.objectives = {{.metric = "loss", .goal = Goal::minimize}};
  return problem;
}

/// Branin's function, its minimum subtracted: from 0 to about 308.
double branin(const Configuration& c) {
  const double pi = std::acos(-1.0);
  const double x = c.number("x");
  const double y = c.number("y");
  const double bend = y - 5.1 / (4 * pi * pi) * x * x + 5 / pi * x - 6;
  return bend * bend + 10 * (1 - 1 / (8 * pi)) * std::cos(x) + 10 - 0.397887;
}

StudyOptions study_with(std::shared_ptr<StoppingRule> rule, std::shared_ptr<Store> store = {}) {
  return {.name = "s",
          .problem = square(),
          .search = bayesian_search(),
          .stopping_rules = {std::move(rule)},
          .store = std::move(store)};
}

/// Tells the study what the function gives, until nothing more is asked for.
StudyView run(Study& study, const std::function<double(const Configuration&)>& function) {
  study.set_budget({.max_trials = 200});
  while (const Asked asked = study.ask()) study.tell(*asked, function(asked->configuration));
  return study.view();
}

TuningResult tune_here(StudyOptions options, int max_trials) {
  Study study(std::move(options));
  const auto objective = [](const TrialRun& trial, const TrialReporter&) {
    return TrialResult{.metrics = {{"loss", std::floor(branin(trial.configuration))}}};
  };
  return Tuner(study, thread_pool_executor(objective), {.budget = {.max_trials = max_trials}})
      .run();
}

}  // namespace

TEST_CASE("convergence: a smooth function ends long before the budget, near its minimum") {
  Study study(study_with(convergence_rule()));
  const StudyView view = run(study, branin);
  CHECK(view.stopped_by_rule());
  CHECK(view.size() >= 20);
  CHECK(view.size() < 80);
  CHECK(branin(view.trial(*view.best()).configuration) < 0.05);
}

TEST_CASE("convergence: so does a noisy one, as far as its noise allows") {
  Study study(study_with(convergence_rule()));
  RandomStream random(3, 0, "noise");
  const StudyView view = run(study, [&](const Configuration& configuration) {
    return branin(configuration) + 10 * random.normal();
  });
  CHECK(view.stopped_by_rule());
  CHECK(view.size() < 150);
  CHECK(branin(view.trial(*view.best()).configuration) < 20);
}

TEST_CASE("convergence: what no model can learn does not end early") {
  Study study(study_with(convergence_rule()));
  const StudyView view = run(study, [](const Configuration& c) {
    const double mixed = std::sin(1e4 * c.number("x") + 7e4 * c.number("y")) * 1e4;
    return mixed - std::floor(mixed);
  });
  CHECK(view.size() >= 100);
}

TEST_CASE("outlooks are recorded with the trials and tell that less is left with time") {
  auto store = open_store("memory:");
  Study study({.name = "s", .problem = square(), .search = bayesian_search(), .store = store});
  study.set_budget({.max_trials = 40});
  while (const Asked asked = study.ask()) study.tell(*asked, branin(asked->configuration));
  const StudyView view = read_study(*store, "s");
  CHECK_FALSE(view.trial(0).outlook);
  const std::optional<Outlook> early = view.trial(8).outlook;
  const std::optional<Outlook> late = view.trial(39).outlook;
  REQUIRE((early && late));
  CHECK(late->regret_bound < early->regret_bound / 10);
  CHECK(late->expected_gain < early->expected_gain / 10);
  CHECK(late->noise < 1);
  CHECK(view.trial(39).outlook == study.view().trial(39).outlook);
}

TEST_CASE("a study that a rule has ended ends again at once, until it is told otherwise") {
  auto store = open_store("memory:");
  const TuningResult first = tune_here(study_with(no_improvement_rule({.trials = 5}), store), 60);
  CHECK(first.reason == EndReason::stopped_by_rule);
  CHECK(first.explanation.find("no_improvement: loss has not improved on the") == 0);
  CHECK(first.report().find("Ended: no_improvement: loss has not improved") == 0);
  REQUIRE(first.view.size() < 60);

  const TuningResult again = tune_here(study_with(no_improvement_rule({.trials = 5}), store), 60);
  CHECK(again.reason == EndReason::stopped_by_rule);
  CHECK(again.explanation == first.explanation);
  CHECK(again.view.size() == first.view.size());

  const auto longer = static_cast<std::int64_t>(first.view.size()) + 2;
  const TuningResult more =
      tune_here(study_with(no_improvement_rule({.trials = 50}), store), static_cast<int>(longer));
  CHECK(more.reason == EndReason::trials_spent);
  CHECK(static_cast<std::int64_t>(more.view.size()) == longer);
}

TEST_CASE("trials that run when a rule ends the study are stopped for good, with what they told") {
  Study study(study_with(no_improvement_rule({.trials = 1})));
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 3);
  executor->on_start = [](const TrialRun& trial, const TrialReporter& reporter) {
    reporter.report(1, {{"loss", 1.0 + static_cast<double>(trial.trial)}});
    if (trial.trial < 2) reporter.finish({});
  };
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 10}, .probe_first = false});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::stopped_by_rule);
  CHECK(result.view.count(TrialState::completed) == 2);
  CHECK(result.view.count(TrialState::stopped) + 2 ==
        static_cast<std::int64_t>(result.view.size()));
}

}  // namespace tunesmith
