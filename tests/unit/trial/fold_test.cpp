#include "trial/fold.hpp"

#include <memory>

#include "support/catch.hpp"

using namespace tunesmith;

namespace {

Problem one_objective() {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1});
  problem.objectives = {{.metric = "loss"}};
  return problem;
}

/// Feeds events to a fold in order.
class Log {
 public:
  explicit Log(Problem problem) : fold(std::move(problem)) {}

  Log& add(Event event) {
    event.time = time;
    fold.apply({fold.prefix() + 1, std::move(event)});
    return *this;
  }
  Log& suggest(double x, Origin origin = Origin::strategy) {
    return add({.kind = EventKind::suggested,
                .trial = static_cast<TrialId>(fold.size()),
                .attempt = 1,
                .payload = suggestion_payload({.configuration = {{"x", x}}, .origin = origin})});
  }
  Log& report(TrialId trial, double level, double value, int attempt = 1) {
    return add({.kind = EventKind::reported,
                .trial = trial,
                .attempt = attempt,
                .resource = level,
                .value = value,
                .metric = "loss"});
  }
  Log& measure(TrialId trial, double value) {
    return add({.kind = EventKind::measured,
                .trial = trial,
                .attempt = 1,
                .value = value,
                .metric = "loss"});
  }
  Log& finish(TrialId trial, Outcome outcome, int attempt = 1) {
    return add({.kind = EventKind::finished,
                .trial = trial,
                .attempt = attempt,
                .value = static_cast<double>(outcome),
                .payload = "why"});
  }

  StudyFold fold;
  Timestamp time = 0;
};

ErrorCode error_of(StudyFold& fold, const StoredEvent& stored) {
  try {
    fold.apply(stored);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::executor_failed;
}

}  // namespace

TEST_CASE("a level reported again holds the latest value, in whatever order levels come") {
  Log log(one_objective());
  log.suggest(0.5).report(0, 2, 0.2).report(0, 1, 0.9).report(0, 2, 0.3).report(0, 1, 0.8);
  const Trial& trial = log.fold.trial(0);
  REQUIRE(trial.reports.size() == 2);
  CHECK(trial.reports[0] == Report{1, {{"loss", 0.8}}});
  CHECK(trial.reports[1] == Report{2, {{"loss", 0.3}}});
  CHECK(trial.metrics.empty());

  log.finish(0, Outcome::completed);
  CHECK(log.fold.trial(0).metrics == Metrics{{"loss", 0.3}});
}

TEST_CASE("measured metrics go before reported ones") {
  Log log(one_objective());
  log.suggest(0.5).report(0, 1, 0.9).measure(0, 0.1).finish(0, Outcome::completed);
  CHECK(log.fold.trial(0).metrics == Metrics{{"loss", 0.1}});
}

TEST_CASE("a cost that grows with the reports is the largest, whichever level is the final one") {
  Problem problem = one_objective();
  problem.final_rule.value = FinalValue::first;
  problem.cost = Cost{.metric = "loss"};
  Log log(problem);
  log.suggest(0.5).report(0, 1, 0.5).report(0, 2, 2.5).report(0, 3, 1.5);
  CHECK(log.fold.total_cost() == 0);
  log.finish(0, Outcome::completed);
  CHECK(log.fold.trial(0).metrics == Metrics{{"loss", 0.5}});
  CHECK(log.fold.total_cost() == 2.5);
}

TEST_CASE("cost as time is that of the last attempt") {
  Problem problem = one_objective();
  problem.cost = Cost{};
  Log log(problem);
  log.suggest(0.5);
  log.time = 7;
  log.finish(0, Outcome::preempted);
  log.time = 9;
  log.add({.kind = EventKind::restarted, .trial = 0, .attempt = 2});
  log.time = 10.5;
  log.finish(0, Outcome::failed, 2);
  CHECK(log.fold.total_cost() == 1.5);
  CHECK(log.fold.snapshot().total_cost() == 1.5);
}

TEST_CASE("a picture does not change under its reader") {
  Log log(one_objective());
  log.suggest(0.25).report(0, 1, 0.9);
  const StudyView before = log.fold.snapshot();
  log.report(0, 2, 0.5).finish(0, Outcome::completed).suggest(0.75);
  const StudyView after = log.fold.snapshot();

  REQUIRE(before.size() == 1);
  CHECK(before.trial(0).state == TrialState::running);
  CHECK(before.trial(0).reports.size() == 1);
  CHECK(before.count(TrialState::running) == 1);
  CHECK(before.prefix() == 2);

  REQUIRE(after.size() == 2);
  CHECK(after.trial(0).state == TrialState::completed);
  CHECK(after.trial(0).reports.size() == 2);
  CHECK(after.trial(0).reason == "why");
  CHECK(after.count(TrialState::completed) == 1);
  CHECK(after.count(TrialState::running) == 1);
  CHECK(after.best() == 0);
}

TEST_CASE("a trial is copied only where a picture that shows it is held") {
  Log log(one_objective());
  log.suggest(0.25).suggest(0.75).report(0, 1, 0.9);
  const Trial* place = &log.fold.trial(0);
  CHECK(&log.fold.snapshot().trial(0) == place);
  log.report(0, 2, 0.8);
  CHECK(&log.fold.trial(0) == place);

  auto held = std::make_unique<StudyView>(log.fold.snapshot());
  const StudyView same = log.fold.snapshot();
  log.report(0, 3, 0.7);
  CHECK(&log.fold.trial(0) != place);
  CHECK(&held->trial(0) == place);
  CHECK(place->reports.size() == 2);
  CHECK(&same.trial(1) == &log.fold.snapshot().trial(1));
  held.reset();
  place = &log.fold.trial(0);
  log.report(0, 4, 0.6).finish(0, Outcome::completed);
  CHECK(&log.fold.trial(0) == place);
  CHECK(&log.fold.snapshot().trial(0) == place);
  CHECK(same.trial(0).reports.size() == 2);
}

TEST_CASE("a picture keeps the stop requests of its time") {
  Log log(one_objective());
  log.suggest(0.25).suggest(0.75);
  log.add({.kind = EventKind::stop_requested, .trial = 1, .payload = "dull"});
  const StudyView before = log.fold.snapshot();
  log.add({.kind = EventKind::stop_requested, .trial = 0, .payload = "duller"});
  log.add({.kind = EventKind::stop_requested, .trial = 0, .payload = "later"});
  CHECK(log.fold.why_stopped(0) == "duller");
  const StudyView after = log.fold.snapshot();
  log.add({.kind = EventKind::session});
  CHECK_FALSE(before.stop_requested(0));
  CHECK(before.stop_requested(1));
  CHECK(after.stop_requested(0));
  CHECK_FALSE(log.fold.stop_requested(0));
  CHECK_FALSE(log.fold.stop_requested(1));
  CHECK_FALSE(after.stop_requested(2));
  CHECK_FALSE(after.stop_requested(-1));
}

TEST_CASE("a preempted trial goes on with its next attempt and keeps its reports") {
  Log log(one_objective());
  log.suggest(0.5).report(0, 1, 0.9).finish(0, Outcome::preempted);
  CHECK(log.fold.trial(0).state == TrialState::preempted);
  CHECK_FALSE(log.fold.is_open(0, 1));
  CHECK(log.fold.unfinished().contains(0));

  log.add({.kind = EventKind::restarted, .trial = 0, .attempt = 2});
  CHECK(log.fold.is_open(0, 2));
  log.report(0, 2, 0.4, 2).finish(0, Outcome::completed, 2);
  const StudyView view = log.fold.snapshot();
  CHECK(view.trial(0).attempt == 2);
  CHECK(view.trial(0).reports.size() == 2);
  CHECK(view.trial(0).state == TrialState::completed);
  CHECK(view.count(TrialState::preempted) == 0);
}

TEST_CASE("failures in a row follow the order of ending, and a preemption is no end") {
  Log log(one_objective());
  log.suggest(0.1).suggest(0.2).suggest(0.3).suggest(0.4);
  log.finish(2, Outcome::failed).finish(3, Outcome::preempted).finish(0, Outcome::failed);
  CHECK(log.fold.failures_in_a_row() == 2);
  log.finish(1, Outcome::stopped);
  CHECK(log.fold.failures_in_a_row() == 0);
}

TEST_CASE("time counts while a tuner works, not between its sessions") {
  Log log(one_objective());
  const Event session = {.kind = EventKind::session};
  log.time = 100;
  log.add(session).suggest(0.5);
  log.time = 110;
  log.report(0, 1, 0.5);
  CHECK(log.fold.active_time() == Seconds(10));
  log.time = 500;  // someone enqueues while no tuner is there
  log.add(
      {.kind = EventKind::enqueued, .payload = queued_payload({.configuration = {{"x", 0.1}}})});
  CHECK(log.fold.active_time() == Seconds(10));
  log.time = 600;
  log.add(session);
  log.time = 607;
  log.report(0, 2, 0.5);
  CHECK(log.fold.active_time() == Seconds(17));
  log.time = 50;  // the clock was set back
  log.report(0, 3, 0.5);
  log.time = 53;
  log.report(0, 4, 0.5);
  CHECK(log.fold.active_time() == Seconds(20));
}

TEST_CASE("stop requests are void in the next session") {
  Log log(one_objective());
  log.suggest(0.5).suggest(0.6);
  log.add({.kind = EventKind::stop_requested, .trial = 1, .payload = "dull"});
  CHECK_FALSE(log.fold.stop_requested(0));
  CHECK(log.fold.stop_requested(1));
  log.add({.kind = EventKind::stop_requested, .trial = -1, .payload = "lunch"});
  const StudyView view = log.fold.snapshot();
  CHECK(view.stop_requested() == "lunch");
  CHECK(view.stop_requested(0));
  log.add({.kind = EventKind::session});
  CHECK_FALSE(log.fold.stop_requested(1));
  CHECK_FALSE(log.fold.snapshot().stop_requested());
  CHECK_FALSE(view.stopped_by_rule());
  log.add({.kind = EventKind::stop_requested, .trial = -1, .value = 1, .payload = "rule: enough"});
  CHECK(log.fold.snapshot().stopped_by_rule());
  log.add({.kind = EventKind::session});
  CHECK_FALSE(log.fold.snapshot().stopped_by_rule());
}

TEST_CASE("the generation counts the events that move it") {
  Log log(one_objective());
  log.add({.kind = EventKind::session}).suggest(0.5).report(0, 1, 1).finish(0, Outcome::completed);
  CHECK(log.fold.generation() == 2);
  CHECK(log.fold.prefix() == 4);
}

TEST_CASE("events that no study writes are refused and change nothing") {
  Log log(one_objective());
  log.suggest(0.5).suggest(0.6).finish(1, Outcome::completed);
  const Event bad[] = {
      {.kind = EventKind::suggested, .trial = 5, .attempt = 1, .payload = suggestion_payload({})},
      {.kind = EventKind::suggested, .trial = 2, .attempt = 2, .payload = suggestion_payload({})},
      {.kind = EventKind::suggested, .trial = 2, .attempt = 1, .payload = "{"},
      {.kind = EventKind::suggested, .trial = 2, .attempt = 1, .payload = "[1]"},
      {.kind = EventKind::suggested,
       .trial = 2,
       .attempt = 1,
       .payload = suggestion_payload({.origin = Origin::enqueued})},
      {.kind = EventKind::suggested,
       .trial = 2,
       .attempt = 1,
       .payload = suggestion_payload({.replicate_of = 2})},
      {.kind = EventKind::suggested,
       .trial = 2,
       .attempt = 1,
       .payload = suggestion_payload({.prefix = 4})},
      {.kind = EventKind::restarted, .trial = 0, .attempt = 3},
      {.kind = EventKind::restarted, .trial = 1, .attempt = 2},
      {.kind = EventKind::reported, .trial = 1, .attempt = 1, .metric = "loss"},
      {.kind = EventKind::reported, .trial = 0, .attempt = 2, .metric = "loss"},
      {.kind = EventKind::reported, .trial = 7, .attempt = 1, .metric = "loss"},
      {.kind = EventKind::reported, .trial = 0, .attempt = 1, .resource = NAN, .metric = "loss"},
      {.kind = EventKind::started, .trial = -1, .attempt = 1},
      {.kind = EventKind::finished, .trial = 0, .attempt = 1, .value = 7},
      {.kind = EventKind::finished, .trial = 0, .attempt = 1, .value = 0.5},
      {.kind = EventKind::finished, .trial = 0, .attempt = 1, .value = NAN},
      {.kind = EventKind::stop_requested, .trial = 2},
      {.kind = EventKind::budget, .payload = R"({"max_trials": -1})"},
      {.kind = EventKind::enqueued, .payload = queued_payload({.replicate_of = 2})},
      {.kind = static_cast<EventKind>(99)},
  };
  for (const Event& event : bad) {
    CAPTURE(static_cast<int>(event.kind), event.trial, event.attempt, event.value, event.payload);
    CHECK(error_of(log.fold, {4, event}) == ErrorCode::store_corrupt);
    CHECK(log.fold.prefix() == 3);
    CHECK(log.fold.size() == 2);
  }
  const Event good = {.kind = EventKind::session};
  CHECK(error_of(log.fold, {3, good}) == ErrorCode::store_corrupt);
  CHECK(error_of(log.fold, {5, good}) == ErrorCode::store_corrupt);
  log.measure(0, 1);
  CHECK(error_of(log.fold, {5, good}) == ErrorCode::store_corrupt);
  log.finish(0, Outcome::completed);
  CHECK(log.fold.snapshot().count(TrialState::completed) == 2);
}

TEST_CASE("what is in line is handed out in order") {
  Log log(one_objective());
  log.add({.kind = EventKind::enqueued, .payload = queued_payload({{{"x", 0.1}}, "first", {}})});
  log.add({.kind = EventKind::enqueued, .payload = queued_payload({{{"x", 0.2}}, "second", {}})});
  CHECK(log.fold.snapshot().queued() == 2);
  CHECK(log.fold.queue().front().note == "first");
  log.suggest(0.1, Origin::enqueued);
  REQUIRE(log.fold.queue().size() == 1);
  CHECK(log.fold.queue().front().note == "second");
  CHECK(log.fold.snapshot().trial(0).origin == Origin::enqueued);
}

TEST_CASE("earlier studies come before the first trial and stand in every picture") {
  Log log(one_objective());
  const Event parent{.kind = EventKind::parent,
                     .payload = parent_payload({{{{{"x", 0.5}}, {2.0}}}})};
  log.add(parent).add(parent);
  const StudyView before = log.fold.snapshot();
  REQUIRE(before.parents().size() == 2);
  CHECK(before.parents()[1]->evaluations.at(0).values == std::vector{2.0});
  log.suggest(0.25);
  CHECK(log.fold.snapshot().parents() == before.parents());
  CHECK(error_of(log.fold, {4, parent}) == ErrorCode::store_corrupt);
  CHECK(log.fold.snapshot().parents().size() == 2);
}

TEST_CASE("an earlier study has a value per objective") {
  Log log(one_objective());
  const Event parent{.kind = EventKind::parent,
                     .payload = parent_payload({{{{{"x", 0.5}}, {2.0, 3.0}}}})};
  CHECK(error_of(log.fold, {1, parent}) == ErrorCode::store_corrupt);
}
