#include "tunesmith/study.hpp"

#include <cmath>
#include <limits>

#include "study_fixture.hpp"
#include "support/catch.hpp"

using namespace tunesmith;

namespace {

const TrialResult preempted = {.outcome = Outcome::preempted, .reason = "spot"};

}  // namespace

TEST_CASE("ask, report and tell make a trial") {
  Study study(options());
  const Asked run = study.ask();
  REQUIRE(run);
  CHECK(run->trial == 0);
  CHECK(run->attempt == 1);
  CHECK(run->until == run_to_end);
  CHECK(study.report(*run, 1, {{"loss", 0.5}, {"accuracy", 0.9}}) == Decision::keep_going);
  CHECK(study.tell(*run, {.outcome = Outcome::completed}) == Told::accepted);

  const StudyView view = study.view();
  REQUIRE(view.size() == 1);
  CHECK(view.trial(0).state == TrialState::completed);
  CHECK(view.trial(0).metrics == Metrics{{"accuracy", 0.9}, {"loss", 0.5}});
  CHECK(view.trial(0).origin == Origin::strategy);
  CHECK(view.best() == 0);
}

TEST_CASE("the baseline comes first, then what was enqueued, then the strategy's") {
  StudyOptions with_baseline = options();
  with_baseline.problem.baseline = Configuration{{"x", std::int64_t{7}}};
  Study study(with_baseline);
  study.enqueue({{"x", std::int64_t{9}}}, "a hunch");
  study.replicate(study.ask()->trial, "again");

  const StudyView first = study.view();
  CHECK(first.trial(0).origin == Origin::baseline);
  CHECK(first.trial(0).configuration == Configuration{{"x", 7.0}});
  const Asked hunch = study.ask();
  CHECK(hunch->configuration == Configuration{{"x", 9.0}});
  const Asked again = study.ask();
  CHECK(again->configuration == Configuration{{"x", 7.0}});
  const Asked chosen = study.ask();
  CHECK(chosen->configuration == Configuration{{"x", 3.0 / 1024}});

  const StudyView view = study.view();
  CHECK(view.trial(1).note == "a hunch");
  CHECK(view.trial(1).origin == Origin::enqueued);
  CHECK(view.trial(2).replicate_of == 0);
  CHECK(view.trial(3).origin == Origin::strategy);
  study.tell(TrialRun{.trial = 0}, 5.0);
  study.tell(*hunch, 3.0);
  CHECK(study.view().gain() == 2.0);
}

TEST_CASE("a completed attempt without a finite objective has failed, and says why") {
  Study study(options());
  const Asked silent = study.ask();
  CHECK(study.tell(*silent, {.outcome = Outcome::completed}) == Told::accepted);
  const Asked nan = study.ask();
  study.tell(*nan, std::numeric_limits<double>::quiet_NaN());
  const Asked diverged = study.ask();
  study.report(*diverged, 1, {{"loss", 0.5}});
  study.report(*diverged, 2, {{"loss", INFINITY}});
  study.tell(*diverged, {.outcome = Outcome::completed, .reason = "exit status 0"});

  const StudyView view = study.view();
  CHECK(view.count(TrialState::failed) == 3);
  CHECK(view.trial(0).reason == "objective \"loss\" has no value");
  CHECK(view.trial(1).reason == "objective \"loss\" is nan");
  CHECK(view.trial(2).reason == "exit status 0; objective \"loss\" is inf");
  CHECK_FALSE(view.best());
  CHECK(study.tell(*silent, {.outcome = Outcome::completed}) == Told::duplicate);
  CHECK(study.tell(*nan, std::numeric_limits<double>::quiet_NaN()) == Told::duplicate);
}

TEST_CASE("what comes after the end is a duplicate or fenced") {
  Study study(options());
  const Asked run = study.ask();
  CHECK(study.tell(*run, 1.0) == Told::accepted);
  CHECK(study.tell(*run, 1.0) == Told::duplicate);
  CHECK(study.fail(*run, "late") == Told::fenced);
  CHECK(study.report(*run, 5, {{"loss", 0.1}}) == Decision::stop);
  CHECK(study.tell(TrialRun{.trial = 17}, 1.0) == Told::fenced);
  CHECK(study.tell(TrialRun{.trial = -1}, 1.0) == Told::fenced);
  CHECK(study.report(TrialRun{.trial = 17}, 5, {{"loss", 0.1}}) == Decision::stop);
  CHECK(study.view().trial(0).reports.empty());
  CHECK(study.view().trial(0).metrics.at("loss") == 1.0);
}

TEST_CASE("a preempted trial goes on before anything new, also when all trials are spent") {
  Study study(options());
  study.set_budget({.max_trials = 1});
  const Asked run = study.ask();
  study.report(*run, 1, {{"loss", 0.5}});
  CHECK(study.ask().reason() == NothingNow::budget_spent);
  CHECK(study.tell(*run, preempted) == Told::accepted);
  CHECK(study.tell(*run, preempted) == Told::duplicate);
  CHECK(study.why_spent().empty());

  const Asked again = study.ask();
  REQUIRE(again);
  CHECK(again->trial == 0);
  CHECK(again->attempt == 2);
  CHECK(study.tell(*run, preempted) == Told::fenced);
  CHECK(study.report(*run, 2, {{"loss", 0.4}}) == Decision::stop);
  study.report(*again, 2, {{"loss", 0.3}});
  CHECK(study.tell(*again, {}) == Told::accepted);
  CHECK(study.view().trial(0).reports.size() == 2);
  CHECK(study.why_spent() == "1 of 1 trials");
}

TEST_CASE("an open attempt is listed, restarted and then fenced") {
  Study study(options());
  const Asked run = study.ask();
  study.started(*run, "pid 17");
  CHECK(study.view().trial(0).handle == "pid 17");
  REQUIRE(study.open_runs().size() == 1);

  const TrialRun next = study.restart(*run, "its tuner died");
  CHECK(next.attempt == 2);
  CHECK(next.configuration == run->configuration);
  CHECK(study.view().trial(0).handle.empty());
  CHECK(study.tell(*run, 1.0) == Told::fenced);
  CHECK(error_of([&] { study.restart(*run, ""); }).code() == ErrorCode::invalid_argument);
  study.started(*run, "ghost");
  CHECK(study.view().trial(0).handle.empty());
  CHECK(study.tell(next, 1.0) == Told::accepted);
  CHECK(study.open_runs().empty());
  CHECK(error_of([&] { study.restart(next, ""); }).code() == ErrorCode::invalid_argument);
}

TEST_CASE("a report said twice is said once") {
  StudyOptions opts = options();
  Study study(opts);
  const Asked run = study.ask();
  const auto length = [&] { return study.view().prefix(); };
  study.report(*run, 1, {{"loss", 0.5}, {"accuracy", NAN}});
  const Sequence before = length();
  study.report(*run, 1, {{"loss", 0.5}, {"accuracy", NAN}});
  study.report(*run, 1, {});
  CHECK(length() == before);
  study.report(*run, 1, {{"loss", 0.25}, {"accuracy", NAN}});
  CHECK(length() == before + 1);
  CHECK(study.view().trial(0).reports[0].metrics.at("loss") == 0.25);
  CHECK(error_of([&] {
          study.report(*run, NAN, {{"loss", 1}});
        }).code() == ErrorCode::invalid_argument);
}

TEST_CASE("each budget is spent in its own words") {
  StudyOptions opts = options();
  const auto clock = std::make_shared<FakeClock>();
  opts.clock = clock;
  Study study(opts);
  CHECK(study.why_spent().empty());

  SECTION("trials") {
    study.set_budget({.max_trials = 2});
    const Asked a = study.ask();
    const Asked b = study.ask();
    CHECK(study.ask().reason() == NothingNow::budget_spent);
    CHECK(study.why_spent() == "2 of 2 trials");
    study.set_budget({.max_trials = 3});
    CHECK(study.ask());
  }
  SECTION("target") {
    study.set_budget({.target = 0.5});
    study.tell(*study.ask(), 0.6);
    CHECK(study.why_spent().empty());
    study.tell(*study.ask(), 0.5);
    CHECK(study.why_spent() == "loss reached 0.5, the target is 0.5");
  }
  SECTION("failures in a row") {
    study.set_budget({.max_failures_in_a_row = 2});
    study.fail(*study.ask(), "crash");
    CHECK(study.ask());
    study.fail(*study.ask(), "crash");
    CHECK(study.why_spent() == "2 failed trials in a row, the limit is 2");
  }
  SECTION("time, which runs while a session does, also between events") {
    study.set_budget({.max_time = Seconds(60)});
    study.begin_session("me");
    clock->now += 59;
    CHECK(study.why_spent().empty());
    clock->now += 1;
    CHECK(study.why_spent() == "60 of 60 seconds");
    CHECK(study.ask().reason() == NothingNow::budget_spent);
    Study reader(opts);
    CHECK(reader.why_spent().empty());
  }
  SECTION("cost, in the seconds of trials") {
    StudyOptions timed = options();
    timed.clock = clock;
    timed.problem.cost = Cost{};
    Study costly(timed);
    costly.set_budget({.max_cost = 10});
    const Asked first = costly.ask();
    clock->now += 4;
    const Asked second = costly.ask();
    clock->now += 2;
    costly.fail(*second, "crash");
    costly.tell(*first, 0.5);
    CHECK(costly.why_spent().empty());
    const Asked third = costly.ask();
    clock->now += 2;
    costly.tell(*third, 0.5);
    CHECK(costly.why_spent() == "10 of 10 in cost of trials");
    CHECK_THROWS_WITH(study.set_budget({.max_cost = 10}), Catch::Contains("/max_cost"));
  }
  SECTION("a stop request, until the next session") {
    const Asked run = study.ask();
    study.request_stop("lunch");
    CHECK(study.why_spent() == "stop requested: lunch");
    CHECK(study.report(*run, 1, {{"loss", 1}}) == Decision::stop);
    study.begin_session("me");
    CHECK(study.ask());
  }
}

TEST_CASE("one trial can be asked to stop") {
  Study study(options());
  const Asked a = study.ask();
  const Asked b = study.ask();
  study.request_stop("dull", a->trial);
  CHECK(study.report(*a, 1, {{"loss", 1}}) == Decision::stop);
  CHECK(study.report(*b, 1, {{"loss", 1}}) == Decision::keep_going);
  CHECK(study.ask());
  CHECK(error_of([&] { study.request_stop("", 99); }).code() == ErrorCode::invalid_argument);
}

TEST_CASE("a strategy without suggestions waits for running trials or is exhausted") {
  StudyOptions opts = options();
  opts.search = std::make_shared<FakeSearch>([](const StudyView& view, int) {
    std::vector<Suggestion> suggestions;
    if (view.size() == 0) suggestions.push_back({.configuration = {{"x", 1.0}}});
    return suggestions;
  });
  Study study(opts);
  const Asked run = study.ask();
  CHECK(study.ask().reason() == NothingNow::waiting);
  study.tell(*run, 1.0);
  CHECK(study.ask().reason() == NothingNow::exhausted);
  study.enqueue({{"x", 2.0}});
  CHECK(study.ask());
}

TEST_CASE("a strategy that breaks its contract is named, and nothing is recorded") {
  Suggestion bad;
  SECTION("outside the space") { bad.configuration = {{"x", 65.0}}; }
  SECTION("wrong type") { bad.configuration = {{"x", std::int64_t{1}}}; }
  SECTION("a configuration that a trial has") { bad.configuration = {{"x", 1.0}}; }
  SECTION("no replicate of what it says") {
    bad.configuration = {{"x", 2.0}};
    bad.replicate_of = 0;
  }
  SECTION("a replicate of nothing") {
    bad.configuration = {{"x", 1.0}};
    bad.replicate_of = 1;
  }
  SECTION("an outlook that is no number") {
    bad.configuration = {{"x", 2.0}};
    bad.outlook = Outlook{.regret_bound = NAN};
  }
  SECTION("a level that cannot be reached") {
    bad.configuration = {{"x", 2.0}};
    bad.until = NAN;
  }
  StudyOptions opts = options();
  opts.search = std::make_shared<FakeSearch>(
      [&](const StudyView&, int) { return std::vector<Suggestion>{bad}; });
  Study study(opts);
  study.enqueue({{"x", 1.0}});
  REQUIRE(study.ask());
  const Error error = error_of([&] { study.ask(); });
  CHECK(error.code() == ErrorCode::invalid_argument);
  CHECK(std::string(error.what()).find("\"fake\"") != std::string::npos);
  CHECK(study.view().size() == 1);
}

TEST_CASE("a strategy may repeat a trial when it says so") {
  StudyOptions opts = options();
  opts.search = std::make_shared<FakeSearch>([](const StudyView& view, int) {
    Suggestion suggestion{.configuration = {{"x", 1.0}}, .until = 8, .note = "n", .state = "s"};
    if (view.size() > 0) suggestion.replicate_of = 0;
    return std::vector{suggestion};
  });
  Study study(opts);
  CHECK(study.ask()->until == 8);
  CHECK(study.ask()->until == 8);
  const StudyView view = study.view();
  CHECK(view.trial(1).replicate_of == 0);
  CHECK(view.trial(1).note == "n");
  CHECK(view.trial(1).strategy_state == "s");
  CHECK(view.trial(1).prefix == 1);
}

TEST_CASE("an event is appended only where something changes") {
  StudyOptions opts = options();
  Study study(opts);
  study.set_budget({.max_trials = 4});
  const Sequence before = study.view().prefix();
  study.set_budget({.max_trials = 4});
  CHECK(study.view().prefix() == before);
  study.set_budget({});
  CHECK(study.view().prefix() == before + 1);
}
