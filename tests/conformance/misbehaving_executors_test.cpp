// Executors that break their contract, each in one way: the tuner ends, the study's log stays
// sound, and a later session goes on with it.
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

#include "conformance/unruly_executor.hpp"
#include "support/catch.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/tuner.hpp"

using namespace tunesmith;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// A study whose sessions are tuned one after the other.
struct Sessions {
  std::shared_ptr<Store> store = open_store("memory:");

  StudyOptions options() const {
    StudyOptions made = {.name = "s", .search = random_search(), .store = store};
    made.problem.space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
    made.problem.objectives = {{.metric = "loss"}};
    return made;
  }

  TuningResult tune(Behaviour behaviour, Budget budget = {.max_trials = 6}) const {
    Study study(options());
    Tuner tuner(study, std::make_unique<UnrulyExecutor>(std::move(behaviour)),
                {.budget = budget, .probe_first = false, .max_first_failures = 0});
    return tuner.run();
  }

  /// No attempt has ended twice, and a good executor brings the study to its end.
  void check_sound() const {
    const StudyKey key = store->open_study("s", "").key;
    std::map<std::pair<TrialId, int>, int> ends;
    for (const StoredEvent& stored : store->events_since(key, 0, 1000000)) {
      if (stored.event.kind != EventKind::finished) continue;
      CHECK(++ends[{stored.event.trial, stored.event.attempt}] == 1);
    }
    const TuningResult last = tune({}, {.max_trials = 12});
    CHECK(last.reason == EndReason::trials_spent);
    CHECK(last.view.size() == 12);
    CHECK(last.view.count(TrialState::running) == 0);
    CHECK_FALSE(last.report().empty());
  }
};

std::int64_t completed(const TuningResult& result) {
  return result.view.count(TrialState::completed);
}

/// Every third trial goes wrong; the others complete.
Behaviour every_third(const std::function<std::string(const TrialReporter&)>& wrong) {
  return {.start = [wrong](const TrialRun& run, const TrialReporter& reporter) -> std::string {
    if (run.trial % 3 == 1) return wrong(reporter);
    complete(reporter);
    return "handle";
  }};
}

void check_two_fail(const Behaviour& behaviour, const std::string& words) {
  const Sessions sessions;
  const TuningResult result = sessions.tune(behaviour);
  CHECK(result.reason == EndReason::trials_spent);
  CHECK(completed(result) == 4);
  for (const TrialId id : {1, 4}) {
    CHECK(result.view.trial(id).state == TrialState::failed);
    CHECK(result.view.trial(id).reason.find(words) != std::string::npos);
  }
  sessions.check_sound();
}

void check_all_complete(const Behaviour& behaviour) {
  const Sessions sessions;
  const TuningResult result = sessions.tune(behaviour);
  CHECK(result.reason == EndReason::trials_spent);
  CHECK(completed(result) == 6);
  for (TrialId id = 0; id < 6; ++id) {
    const Trial& trial = result.view.trial(id);
    CHECK(result.view.objective(trial) == trial.configuration.number("x"));
  }
  sessions.check_sound();
}

}  // namespace

TEST_CASE("executors that throw from start fail that trial alone") {
  SECTION("an exception") {
    check_two_fail(every_third([](const TrialReporter&) -> std::string {
                     throw std::runtime_error("no such program");
                   }),
                   "no such program");
  }
  SECTION("something else") {
    check_two_fail(every_third([](const TrialReporter&) -> std::string { throw 42; }),
                   "no std::exception");
  }
  SECTION("an Error that speaks of a store of its own") {
    check_two_fail(every_third([](const TrialReporter&) -> std::string {
                     throw Error(ErrorCode::store_unavailable, "my queue is down");
                   }),
                   "my queue is down");
  }
  SECTION("after the trial has completed") {
    check_all_complete(every_third([](const TrialReporter& reporter) -> std::string {
      complete(reporter);
      throw std::runtime_error("too late");
    }));
  }
}

TEST_CASE("executors that answer at the wrong time, or more than once, change nothing") {
  Later later;
  SECTION("inside start") { check_all_complete({}); }
  SECTION("late, and in another order") {
    check_all_complete({.start = [&](const TrialRun& run, const TrialReporter& reporter) {
      later.call(run.trial % 2 == 0 ? 0.06 : 0.02, [reporter] { complete(reporter); });
      return "handle";
    }});
  }
  SECTION("twice, and otherwise the second time") {
    check_all_complete(every_third([](const TrialReporter& reporter) -> std::string {
      complete(reporter);
      reporter.finish({});
      reporter.finish({.outcome = Outcome::failed, .reason = "no, it failed"});
      return "handle";
    }));
  }
  SECTION("with reports after the end") {
    check_all_complete(every_third([](const TrialReporter& reporter) -> std::string {
      complete(reporter);
      CHECK(reporter.report(2, {{"loss", -1.0}}) == Decision::stop);
      return "handle";
    }));
  }
  SECTION("for the trials before") {
    std::vector<TrialReporter> all;
    check_all_complete({.start = [&](const TrialRun&, const TrialReporter& reporter) {
      all.push_back(reporter);
      for (const TrialReporter& one : all) complete(one);
      return "handle";
    }});
  }
  SECTION("from many threads at once") {
    check_all_complete({.start = [&](const TrialRun&, const TrialReporter& reporter) {
      for (int i = 0; i < 4; ++i) {
        later.call(0.01, [reporter] { complete(reporter); });
      }
      return "handle";
    }});
  }
}

TEST_CASE("executors that say odd things fail that trial at most") {
  SECTION("levels that are no numbers") {
    for (const double level : {not_a_number, std::numeric_limits<double>::infinity()}) {
      check_two_fail(every_third([level](const TrialReporter& reporter) -> std::string {
                       CHECK(reporter.report(level, {{"loss", 0.0}}) == Decision::stop);
                       reporter.finish({});
                       return "handle";
                     }),
                     "levels are finite numbers");
    }
  }
  SECTION("values that are none") {
    check_two_fail(
        every_third([](const TrialReporter& reporter) -> std::string {
          reporter.report(
              1, {{"loss", not_a_number}, {"", 1e300}, {std::string("\0", 1), not_a_number}});
          reporter.report(2, {});
          reporter.finish({});
          return "handle";
        }),
        "\"loss\"");
  }
  SECTION("completed, without a value") {
    check_two_fail(every_third([](const TrialReporter& reporter) -> std::string {
                     reporter.finish({.metrics = {{"accuracy", 1.0}}});
                     return "handle";
                   }),
                   "has no value");
  }
  SECTION("failed, without a reason") {
    check_two_fail(every_third([](const TrialReporter& reporter) -> std::string {
                     reporter.finish({.outcome = Outcome::failed});
                     return "handle";
                   }),
                   "no reason given");
  }
  SECTION("words and handles that are no text") {
    const std::string odd = std::string("\xff\xfe\0", 3) + std::string(1 << 20, 'x');
    check_two_fail(every_third([&](const TrialReporter& reporter) -> std::string {
                     reporter.finish({.outcome = Outcome::failed, .reason = odd});
                     return odd;
                   }),
                   "xxx");
  }
  SECTION("a capacity that is none") {
    Behaviour none;
    none.capacity = [] { return -3; };
    check_all_complete(none);
  }
}

TEST_CASE("a trial that never answers holds up nobody but itself") {
  const Sessions sessions;
  std::atomic<int> asked = 0;
  Behaviour silent = every_third([](const TrialReporter&) -> std::string { return "handle"; });
  silent.capacity = [] { return 3; };
  Later later;
  SECTION("and ends when the time is spent, as lost") {
    silent.stop = [&](const TrialReporter& reporter) {
      if (++asked == 1) reporter.finish({.outcome = Outcome::lost, .reason = "connection lost"});
      reporter.finish({.outcome = Outcome::stopped, .reason = "asked to stop"});
    };
    const TuningResult result = sessions.tune(silent, {.max_trials = 20, .max_time = Seconds(0.5)});
    CHECK(result.reason == EndReason::time_spent);
    CHECK(completed(result) >= 4);
    CHECK(result.view.count(TrialState::lost) == 1);
    CHECK(result.view.count(TrialState::running) == 0);
  }
  SECTION("and is waited for, though it answers late") {
    silent.stop = [&](const TrialReporter& reporter) {
      if (asked++ == 0) later.call(0.3, [reporter] { complete(reporter); });
      reporter.report(5, {{"loss", 2.0}});
      if (reporter.run().trial != 1) reporter.finish({.outcome = Outcome::stopped});
    };
    const TuningResult result = sessions.tune(silent, {.max_trials = 20, .max_time = Seconds(0.3)});
    CHECK(result.reason == EndReason::time_spent);
    CHECK(result.view.trial(1).state == TrialState::completed);
  }
  sessions.check_sound();
}

TEST_CASE("an executor that dies leaves a study that goes on") {
  const Sessions sessions;
  std::atomic<bool> dead = false;
  Behaviour dying;
  dying.start = [&](const TrialRun& run, const TrialReporter& reporter) -> std::string {
    if (run.trial == 3) dead = true;
    if (dead) throw std::runtime_error("connection lost");
    complete(reporter);
    return "handle";
  };
  SECTION("and fails to start what comes") {
    const TuningResult result =
        sessions.tune(dying, {.max_trials = 50, .max_failures_in_a_row = 3});
    CHECK(result.reason == EndReason::too_many_failures);
    CHECK(result.view.size() == 6);
    CHECK(result.explanation.find("connection lost") != std::string::npos);
  }
  SECTION("and can no longer tell its capacity") {
    dying.capacity = [&] { return dead ? throw std::runtime_error("connection lost") : 2; };
    CHECK_THROWS_WITH(sessions.tune(dying), "connection lost");
    CHECK(sessions.store->list().at(0).holder.empty());
  }
  SECTION("and cannot be opened at all") {
    dying.open = [] { throw std::runtime_error("no connection"); };
    CHECK_THROWS_WITH(sessions.tune(dying), "no connection");
    CHECK(sessions.store->list().at(0).holder.empty());
  }
  sessions.check_sound();
}

TEST_CASE("trials that are preempted go on, as often as it takes") {
  const Sessions sessions;
  Behaviour preempting;
  preempting.start = [](const TrialRun& run, const TrialReporter& reporter) {
    reporter.report(run.attempt, {{"loss", run.configuration.number("x")}});
    reporter.finish({.outcome = run.attempt < 4 ? Outcome::preempted : Outcome::completed,
                     .reason = "machine taken"});
    return "handle";
  };
  const TuningResult result = sessions.tune(preempting);
  CHECK(completed(result) == 6);
  CHECK(result.view.trial(0).attempt == 4);
  sessions.check_sound();
}

TEST_CASE("an executor that cannot tell what became of attempts costs those attempts at most") {
  const Sessions sessions;
  {
    Study study(sessions.options());
    study.set_budget({.max_trials = 6});
    for (int i = 0; i < 2; ++i) study.started(*study.ask(), "handle");
  }
  Later later;
  Behaviour unsure;
  int attempts = 1;
  SECTION("it says that they are over, and nothing of how") {
    unsure.recover = [](const TrialReporter&) { return Recovery::finished; };
    attempts = 2;
  }
  SECTION("it says that they are gone, and then they answer") {
    unsure.recover = [&](const TrialReporter& reporter) {
      later.call(0.01, [reporter] { complete(reporter); });
      return Recovery::gone;
    };
    attempts = 2;
  }
  SECTION("it says that they are over, and they end twice") {
    unsure.recover = [](const TrialReporter& reporter) {
      complete(reporter);
      complete(reporter);
      return Recovery::finished;
    };
  }
  SECTION("it says that they run, and they have ended") {
    unsure.recover = [](const TrialReporter& reporter) {
      complete(reporter);
      return Recovery::running;
    };
  }
  const TuningResult result = sessions.tune(unsure);
  CHECK(completed(result) == 6);
  CHECK(result.view.trial(0).attempt == attempts);
  sessions.check_sound();
}

TEST_CASE("reporters may be used when the executor, the tuner and the study are gone") {
  for (int round = 0; round < 20; ++round) {  // each has a chance to meet a report on its way
    std::vector<TrialReporter> kept;
    std::atomic<bool> quit = false;
    std::vector<std::thread> threads;
    const auto start = [&](const TrialRun&, const TrialReporter& reporter) {
      complete(reporter);
      threads.emplace_back([&quit, reporter] {
        for (int level = 2; !quit; ++level) reporter.report(level, {{"loss", 1.0}});
      });
      kept.push_back(reporter);
      return "handle";
    };
    auto study = std::make_unique<Study>(Sessions().options());
    auto tuner =
        std::make_unique<Tuner>(*study, std::make_unique<UnrulyExecutor>(Behaviour{.start = start}),
                                TunerOptions{.budget = {.max_trials = 4}});
    CHECK(completed(tuner->run()) == 4);
    if (round % 2 == 0) tuner.reset();
    study.reset();
    std::this_thread::sleep_for(Seconds(0.005));
    quit = true;
    for (std::thread& thread : threads) thread.join();
    CHECK(kept[0].report(1, {{"loss", 1.0}}) == Decision::stop);
    kept[0].finish({});
  }
}

TEST_CASE("an executor may end trials, and cancel, while it is asked to stop them") {
  const Sessions sessions;
  Study study(sessions.options());
  Tuner* running = nullptr;
  Behaviour hasty = every_third([](const TrialReporter&) -> std::string { return "handle"; });
  hasty.stop = [&](const TrialReporter& reporter) {
    running->cancel("so do I");
    reporter.finish({.outcome = Outcome::stopped, .reason = "at once"});
  };
  Tuner tuner(study, std::make_unique<UnrulyExecutor>(hasty),
              {.on_progress = [&](const Progress& progress) {
                if (progress.view.size() > 1) running->cancel("enough");
              }});
  running = &tuner;
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::cancelled);
  CHECK(result.explanation == "enough");
  CHECK(result.view.count(TrialState::running) == 0);
}
