#include "tunesmith/tuner.hpp"

#include <atomic>
#include <cmath>
#include <stdexcept>
#include <thread>

#include "fake_executor.hpp"
#include "support/catch.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

Problem one_parameter() {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  problem.objectives = {{.metric = "loss", .goal = Goal::minimize}};
  return problem;
}

StudyOptions random_study(std::shared_ptr<Store> store = {}) {
  return {.name = "s",
          .problem = one_parameter(),
          .search = random_search(),
          .store = std::move(store)};
}

/// Trials that run until they are asked to stop.
void never_ends(const TrialRun&, const TrialReporter&) {}

}  // namespace

TEST_CASE("a tuner runs exactly the trials of its budget, on the capacity it has") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  Tuner tuner(study, std::make_unique<FakeExecutor>(log, 3), {.budget = {.max_trials = 20}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::trials_spent);
  REQUIRE(result.view.size() == 20);
  CHECK(result.view.count(TrialState::completed) == 20);
  CHECK(log->started.size() == 20);
  double least = 1;
  for (TrialId id = 0; id < 20; ++id)
    least = std::min(least, result.view.trial(id).configuration.number("x"));
  CHECK(result.view.objective(result.view.trial(*result.view.best())) == least);
}

TEST_CASE("in-process objectives on a thread pool: results, exceptions and parallelism") {
  Study study(random_study());
  std::atomic<int> calls = 0;
  const auto objective = [&](const TrialRun& run, const TrialReporter& reporter) -> TrialResult {
    ++calls;
    if (run.trial == 5) throw std::runtime_error("five does not work");
    reporter.report(1, {{"loss", 2.0}});
    reporter.report(2, {{"loss", run.configuration.number("x")}});
    return {};
  };
  Tuner tuner(study, thread_pool_executor(objective, {.max_parallel = 4}),
              {.budget = {.max_trials = 12}});
  const TuningResult result = tuner.run();
  CHECK(calls == 12);
  CHECK(result.view.count(TrialState::completed) == 11);
  REQUIRE(result.view.trial(5).state == TrialState::failed);
  CHECK(result.view.trial(5).reason.find("five does not work") != std::string::npos);
  CHECK(result.view.trial(2).reports.size() == 2);
}

TEST_CASE("the first trial runs alone until it is heard of") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 4);
  FakeExecutor* fake = executor.get();
  std::atomic<bool> first_ended = false;
  std::atomic<bool> overtaken = false;
  executor->on_start = [&](const TrialRun& run, const TrialReporter& reporter) {
    if (run.trial > 0 && !first_ended) overtaken = true;
    if (run.trial == 0) first_ended = true;
    fake->finish_later(reporter, {.metrics = {{"loss", 1.0}}}, Seconds(0.05));
  };
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 9}});
  tuner.run();
  CHECK_FALSE(overtaken);
  CHECK(log->most_at_once == 4);
}

TEST_CASE("a job whose first trials all fail ends early and says why") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 3);
  const std::vector<std::string> reasons = GENERATE(values<std::vector<std::string>>(
      {{"NameError, line 1", "NameError, line 2"},
       {"out of memory", "bad lr", "killed", "hung", "NameError"}}));
  executor->on_start = [&](const TrialRun& run, const TrialReporter& reporter) {
    reporter.finish(
        {.outcome = Outcome::failed, .reason = reasons[static_cast<std::size_t>(run.trial)]});
  };
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 50}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::too_many_failures);
  CHECK(result.view.size() == reasons.size());
  CHECK(result.explanation.find("NameError") != std::string::npos);

  SECTION("and a later session, with the script mended, goes on") {
    Tuner again(study, std::make_unique<FakeExecutor>(log, 3), {.budget = {.max_trials = 10}});
    const TuningResult second = again.run();
    CHECK(second.reason == EndReason::trials_spent);
    CHECK(second.view.count(TrialState::completed) ==
          10 - static_cast<std::int64_t>(reasons.size()));
  }
}

TEST_CASE("trials that diverge say nothing against the script") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 2);
  executor->on_start = [](const TrialRun& run, const TrialReporter& reporter) {
    reporter.report(1, {{"loss", run.trial < 4 ? std::nan("") : 1.0}});
    reporter.finish({});
  };
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 8}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::trials_spent);
  CHECK(result.view.count(TrialState::failed) == 4);
  CHECK(result.view.count(TrialState::completed) == 4);
}

TEST_CASE("what start throws is a failed trial") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log);
  executor->on_start = [](const TrialRun& run, const TrialReporter& reporter) {
    if (run.trial == 1) throw std::runtime_error("no such program");
    reporter.finish({.metrics = {{"loss", 1.0}}});
  };
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 3}});
  const TuningResult result = tuner.run();
  CHECK(result.view.trial(1).state == TrialState::failed);
  CHECK(result.view.trial(1).reason == "no such program");
  CHECK(result.view.count(TrialState::completed) == 2);
}

TEST_CASE("reaching the target stops what still runs") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 3);
  executor->on_start = [](const TrialRun& run, const TrialReporter& reporter) {
    reporter.report(1, {{"loss", 5.0}});
    if (run.trial == 2) reporter.finish({.metrics = {{"loss", 0.25}}});
  };
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 50, .target = 0.3}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::target_reached);
  CHECK(result.view.size() == 3);
  CHECK(result.view.count(TrialState::stopped) == 2);
}

TEST_CASE("a cancelled job goes on where it was, and runs what was cut short again") {
  auto store = open_store("memory:");
  {
    Study study(random_study(store));
    auto log = std::make_shared<FakeLog>();
    auto executor = std::make_unique<FakeExecutor>(log, 3);
    executor->on_start = [](const TrialRun& run, const TrialReporter& reporter) {
      reporter.report(1, {{"loss", 5.0}});
      if (run.trial < 4) reporter.finish({});
    };
    Tuner* running = nullptr;
    Tuner tuner(study, std::move(executor),
                {.budget = {.max_trials = 10}, .on_progress = [&](const Progress& progress) {
                   if (progress.view.size() == 7) running->cancel("the user pressed Ctrl-C");
                 }});
    running = &tuner;
    const TuningResult result = tuner.run();
    CHECK(result.reason == EndReason::cancelled);
    CHECK(result.explanation == "the user pressed Ctrl-C");
    CHECK(result.view.count(TrialState::preempted) == 3);
  }
  Study study(random_study(store));
  auto log = std::make_shared<FakeLog>();
  Tuner tuner(study, std::make_unique<FakeExecutor>(log, 3), {.budget = {.max_trials = 10}});
  const TuningResult result = tuner.run();
  CHECK(result.view.count(TrialState::completed) == 10);
  REQUIRE(log->started.size() == 6);  // 3 new ones, and 3 again as second attempts
  for (const TrialRun& run : log->started) CHECK(run.attempt == (run.trial < 7 ? 2 : 1));
}

TEST_CASE("the last trial, cut short, begins again before the search is over") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 2);
  executor->on_start = [fake = executor.get()](const TrialRun& run, TrialReporter reporter) {
    if (run.trial < 3 || run.attempt == 2) return reporter.finish({.metrics = {{"loss", 0.5}}});
    // Late enough for the tuner to have seen that no more trials are to begin.
    fake->finish_later(std::move(reporter), {.outcome = Outcome::preempted, .reason = "gone"},
                       Seconds(0.1));
  };
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 4}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::trials_spent);
  CHECK(result.view.count(TrialState::completed) == 4);
  CHECK(result.view.trial(3).attempt == 2);
}

TEST_CASE("attempts that a dead tuner left are harvested, or run again") {
  auto store = open_store("memory:");
  {
    Study study(random_study(store));
    study.set_budget({.max_trials = 4});
    const Asked first = study.ask();
    study.started(*first, "first");
    const Asked second = study.ask();
    study.started(*second, "second");
  }
  Study study(random_study(store));
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 2);
  executor->on_recover = [](const TrialRun&, const std::string& handle,
                            const TrialReporter& reporter) {
    if (handle != "first") return Recovery::gone;
    reporter.finish({.metrics = {{"loss", 0.125}}});
    return Recovery::finished;
  };
  Tuner tuner(study, std::move(executor), {});
  const TuningResult result = tuner.run();
  CHECK(result.view.size() == 4);
  CHECK(result.view.count(TrialState::completed) == 4);
  CHECK(result.view.trial(0).attempt == 1);
  CHECK(result.view.objective(result.view.trial(0)) == 0.125);
  CHECK(result.view.trial(1).attempt == 2);
  CHECK(log->started.size() == 3);
}

TEST_CASE("a stop request in the log reaches the tuner") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 2);
  executor->on_start = never_ends;
  std::thread other([&] {
    std::this_thread::sleep_for(Seconds(0.2));
    study.request_stop("stopped from elsewhere");
  });
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 10}});
  const TuningResult result = tuner.run();
  other.join();
  CHECK(result.reason == EndReason::cancelled);
  CHECK(result.explanation == "stopped from elsewhere");
}

TEST_CASE("a stop request for one trial reaches a silent one, and no other") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 1);
  executor->on_start = [&](const TrialRun& run, const TrialReporter& reporter) {
    reporter.report(1, {{"loss", 1.0}});
    if (run.trial == 1) {
      study.request_stop("this one only", run.trial);
    } else {
      reporter.finish({});
    }
  };
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 3}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::trials_spent);
  CHECK(result.view.trial(1).state == TrialState::stopped);
  CHECK(result.view.count(TrialState::completed) == 2);
  CHECK(log->stopped.size() == 1);
}

TEST_CASE("the time budget ends the job and what runs") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log, 2);
  executor->on_start = never_ends;
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 10, .max_time = Seconds(0.3)}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::time_spent);
  CHECK(log->stopped.size() >= 1);
}

TEST_CASE("a second tuner is told who holds the study") {
  auto store = open_store("memory:");
  Study study(random_study(store));
  REQUIRE(store->lease(study.key(), "process 1 on elsewhere", Seconds(60)).granted);
  auto log = std::make_shared<FakeLog>();
  Tuner tuner(study, std::make_unique<FakeExecutor>(log), {.budget = {.max_trials = 2}});
  try {
    tuner.run();
    FAIL("the second tuner ran");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::store_busy);
    CHECK(std::string(error.what()).find("process 1 on elsewhere") != std::string::npos);
  }
  CHECK(log->started.empty());
}

TEST_CASE("only the best trials' files are kept") {
  Study study(random_study());
  auto log = std::make_shared<FakeLog>();
  Tuner tuner(study, std::make_unique<FakeExecutor>(log),
              {.budget = {.max_trials = 8}, .keep_best = 2});
  const TuningResult result = tuner.run();
  CHECK(log->discarded.size() == 6);
  CHECK_FALSE(log->discarded.contains(*result.view.best()));
}

TEST_CASE("the tuner tells its host of notices, once each and only of new ones") {
  const auto store = open_store("memory:");
  for (const std::size_t session : {0u, 1u}) {
    StudyOptions made = random_study(store);
    made.stopping_rules = {
        exploding_tensor_rule({.threshold = 10, .action = Action::Kind::notify})};
    Study study(std::move(made));
    std::vector<Notice> told;
    std::vector<std::string> logged;
    const auto objective = [](const TrialRun& run, const TrialReporter& reporter) -> TrialResult {
      for (int level = 1; level < 4; ++level)
        reporter.report(level, {{"loss", run.trial % 2 == 0 ? 10.0 : 11.0}});
      return {};
    };
    Tuner tuner(study, thread_pool_executor(objective),
                {.budget = {.max_trials = static_cast<std::int64_t>(4 * (session + 1))},
                 .on_notice = [&](const Notice& notice) { told.push_back(notice); },
                 .log =
                     [&](LogLevel level, std::string_view message) {
                       if (level == LogLevel::warning) logged.emplace_back(message);
                     }});
    const TuningResult result = tuner.run();
    CHECK(result.view.size() == 4 * (session + 1));
    REQUIRE(told.size() == 2);
    CHECK(told[0].trial == static_cast<TrialId>(4 * session + 1));
    CHECK(told[0].rule == "exploding_tensor");
    CHECK(told[0].message == "loss 11 at 1 is above 10");
    CHECK(told[1].trial == static_cast<TrialId>(4 * session + 3));
    REQUIRE(logged.size() == 2);
    CHECK(logged[0] == "trial " + std::to_string(told[0].trial) +
                           ": exploding_tensor: loss 11 at 1 is above 10");
  }
}

TEST_CASE("a trial that stalls is stopped by the clock") {
  StudyOptions made = random_study();
  made.stopping_rules = {stalled_training_rule({.threshold = Seconds(0.01)})};
  Study study(std::move(made));
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log);
  executor->on_start = never_ends;
  Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 1}});
  const TuningResult result = tuner.run();
  CHECK(result.view.count(TrialState::stopped) == 1);
  CHECK(result.view.trial(0).reason == "stalled_training: no report for 0.01 s");
}

TEST_CASE("tune() minimises a function in one call") {
  Space space;
  space.add_float("x", {.min = -2, .max = 2, .scale = Scale::linear});
  const TuningResult result =
      tune([](const Configuration& c) { return std::pow(c.number("x") - 0.5, 2); }, space, 25);
  CHECK(result.reason == EndReason::trials_spent);
  CHECK(*result.view.objective(result.view.trial(*result.view.best())) < 0.01);

  Space three;
  three.add_int("n", {.min = 1, .max = 3});
  const TuningResult all =
      tune([](const Configuration& c) { return c.number("n"); }, three, 25, Goal::maximize);
  CHECK(all.reason == EndReason::exhausted);
  CHECK(all.view.size() == 3);
  CHECK(all.view.objective(all.view.trial(*all.view.best())) == 3.0);
}

}  // namespace tunesmith
