#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "testing/executor_bench.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith::testing {
namespace {

/// Long enough for a wrong message to come, where none should.
constexpr Seconds quiet_time{0.2};

void check_ends(Checks& checks, const ExecutorKit& kit) {
  checks.check("a trial reports its levels and completes", [&] {
    ExecutorBench bench(checks, kit, 1);
    const TrialRun run = bench.run("complete", 3);
    bench.start(run);
    const auto result = bench.result(run);
    if (!result) return;
    checks.expect(result->outcome == Outcome::completed,
                  name_of(run) + " ended as " + to_string(result->outcome) + ": " + result->reason);
    const auto heard = bench.sink().heard(key_of(run));
    std::map<double, double> values;
    for (const Report& report : heard.reports) {
      if (report.metrics.contains("loss")) values[report.resource] = report.metrics.at("loss");
    }
    checks.expect(values == std::map<double, double>{{1, 1.0}, {2, 0.5}, {3, 1.0 / 3}},
                  "loss 1, 1/2 and 1/3 at levels 1, 2 and 3 are reported; " +
                      std::to_string(values.size()) + " levels were, or with other values");
    checks.expect(heard.reports_after_the_end == 0, "reports come before the result");
  });
  checks.check("a failure is a failed trial with a reason", [&] {
    ExecutorBench bench(checks, kit, 1);
    const TrialRun run = bench.run("fail");
    bench.start(run);
    const auto result = bench.result(run);
    if (!result) return;
    checks.expect(result->outcome == Outcome::failed,
                  name_of(run) + " ended as " + to_string(result->outcome));
    checks.expect(!result->reason.empty(), "the reason is in words");
  });
  checks.check("a trial that says nothing ends, and nothing is added", [&] {
    ExecutorBench bench(checks, kit, 1);
    const TrialRun run = bench.run("silent");
    bench.start(run);
    const auto result = bench.result(run);
    if (!result) return;
    // An executor may know that a value is missing; else it is the study's to say.
    checks.expect(result->outcome == Outcome::completed ||
                      (result->outcome == Outcome::failed && !result->reason.empty()),
                  name_of(run) + " ended as " + to_string(result->outcome) + ": " + result->reason);
    checks.expect(bench.sink().heard(key_of(run)).reports.empty() && result->metrics.empty(),
                  "nobody measured anything, and something is reported");
  });
  checks.check("a value that is no number is reported as NaN", [&] {
    ExecutorBench bench(checks, kit, 1);
    const TrialRun run = bench.run("nan");
    bench.start(run);
    if (!bench.result(run)) return;
    const auto heard = bench.sink().heard(key_of(run));
    checks.expect(heard.reports.size() == 1 && heard.reports[0].metrics.contains("loss") &&
                      std::isnan(heard.reports[0].metrics.at("loss")),
                  "one report of NaN was made; " + std::to_string(heard.reports.size()) +
                      " came, or another value");
    checks.expect(heard.results.size() == 1, "and its trial ends once");
  });
  checks.check("each of many attempts ends once, and no other is heard of", [&] {
    ExecutorBench bench(checks, kit, 4);
    std::vector<TrialRun> runs;
    for (int i = 0; i < 16; ++i)
      runs.push_back(bench.run(i % 3 == 2 ? "fail" : "complete", i % 4 + 1));
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (i >= 4 && !bench.result(runs[i - 4])) return;
      bench.start(runs[i]);
    }
    for (const TrialRun& run : runs) bench.result(run);
    std::this_thread::sleep_for(quiet_time);
    for (const TrialRun& run : runs) {
      const std::size_t ends = bench.sink().heard(key_of(run)).results.size();
      checks.expect(ends == 1, name_of(run) + " ended " + std::to_string(ends) + " times");
    }
    checks.expect(bench.sink().attempts().size() == runs.size(),
                  "attempts nobody started are heard of");
  });
  checks.check("the next attempt of a trial is its own", [&] {
    ExecutorBench bench(checks, kit, 1);
    const TrialRun first = bench.run("fail");
    const TrialRun second = ExecutorBench::next_attempt(first);
    bench.start(first);
    if (!bench.result(first)) return;
    bench.start(second);
    const auto result = bench.result(second);
    checks.expect(result && result->outcome == Outcome::failed, "attempt 2 ends as attempt 1 did");
    checks.expect(bench.sink().heard(key_of(first)).results.size() == 1,
                  "attempt 1 is not heard of again");
  });
}

void check_capacity(Checks& checks, const ExecutorKit& kit) {
  checks.check("as many trials run at once as it has capacity for", [&] {
    for (const int capacity : {1, 3}) {
      ExecutorBench bench(checks, kit, capacity);
      const int has = bench.executor().capacity();
      checks.expect(has >= capacity, "capacity() is " + std::to_string(has) + " where " +
                                         std::to_string(capacity) + " was asked for");
      std::vector<TrialRun> runs;
      for (int i = 0; i < capacity; ++i) runs.push_back(bench.run("wait"));
      for (const TrialRun& run : runs) bench.start(run);
      for (const TrialRun& run : runs) {
        if (!bench.reports(run)) return;
      }
      for (const TrialRun& run : runs) bench.request_stop(run);
      for (const TrialRun& run : runs) bench.result(run);
    }
  });
}

void check_stops(Checks& checks, const ExecutorKit& kit) {
  checks.check("a request ends its trial and no other", [&] {
    ExecutorBench bench(checks, kit, 2);
    const TrialRun stopped = bench.run("wait");
    const TrialRun other = bench.run("wait");
    bench.start(stopped);
    bench.start(other);
    if (!bench.reports(stopped) || !bench.reports(other)) return;
    bench.request_stop(stopped);
    const auto result = bench.result(stopped);
    checks.expect(result && result->outcome == Outcome::stopped,
                  std::string("a trial that is asked to stop ends as ") +
                      (result ? to_string(result->outcome) : "nothing"));
    std::this_thread::sleep_for(quiet_time);
    checks.expect(bench.sink().heard(key_of(other)).results.empty(),
                  name_of(other) + " ended, and nobody asked it to");
    bench.request_stop(other);
    bench.result(other);
  });
  checks.check("requests that come twice, late or for strangers do no harm", [&] {
    ExecutorBench bench(checks, kit, 2);
    const TrialRun run = bench.run("wait");
    const TrialRun stranger = bench.run("wait");
    bench.request_stop(stranger);
    bench.start(run);
    if (!bench.reports(run)) return;
    bench.request_stop(ExecutorBench::next_attempt(run));
    std::this_thread::sleep_for(quiet_time);
    checks.expect(bench.sink().heard(key_of(run)).results.empty(),
                  "a request for another attempt ends this one");
    bench.request_stop(run);
    bench.request_stop(run);
    bench.result(run);
    bench.request_stop(run);
    const TrialRun after = bench.run("complete");
    bench.start(after);
    const auto result = bench.result(after);
    checks.expect(result && result->outcome == Outcome::completed,
                  "the next trial is not touched by earlier requests");
    checks.expect(bench.sink().heard(key_of(run)).results.size() == 1,
                  "a trial that is asked twice ends once");
    checks.expect(bench.sink().heard(key_of(stranger)).results.empty(),
                  "an attempt that was never started has no result");
  });
  checks.check("the answer `stop` to a report ends the trial", [&] {
    ExecutorBench bench(checks, kit, 1);
    const TrialRun run = bench.run("wait");
    bench.sink().answer(key_of(run), Decision::stop);
    bench.start(run);
    const auto result = bench.result(run);
    checks.expect(result && result->outcome == Outcome::stopped,
                  std::string("a trial whose report is answered with stop ends as ") +
                      (result ? to_string(result->outcome) : "nothing"));
  });
}

/// A host that cannot tell a pause from a stop says stopped.
bool is_pause(const std::optional<TrialResult>& result) {
  return result && (result->outcome == Outcome::paused || result->outcome == Outcome::stopped);
}

std::string end_of(const std::optional<TrialResult>& result) {
  return result ? to_string(result->outcome) : "nothing";
}

void check_pauses(Checks& checks, const ExecutorKit& kit) {
  checks.check("a pause ends its attempt and no other, and the trial goes on as the next", [&] {
    ExecutorBench bench(checks, kit, 2);
    TrialRun paused = bench.run("wait");
    paused.until = 5;
    const TrialRun other = bench.run("wait");
    bench.start(paused);
    bench.start(other);
    if (!bench.reports(paused) || !bench.reports(other)) return;
    bench.request_pause(paused);
    bench.request_pause(paused);
    const auto result = bench.result(paused);
    checks.expect(is_pause(result), "a trial that is asked to pause ends as " + end_of(result));
    std::this_thread::sleep_for(quiet_time);
    checks.expect(bench.sink().heard(key_of(other)).results.empty(),
                  name_of(other) + " ended, and nobody asked it to");
    TrialRun resumed = ExecutorBench::next_attempt(paused);
    resumed.until = 9;
    resumed.reached = 1;
    bench.start(resumed);
    bench.request_pause(paused);  // late
    std::this_thread::sleep_for(quiet_time);
    checks.expect(bench.sink().heard(key_of(resumed)).results.empty(),
                  "a late request for attempt 1 ends attempt 2");
    for (const TrialRun& run : {resumed, other}) {
      bench.request_stop(run);
      bench.result(run);
    }
    checks.expect(bench.sink().heard(key_of(paused)).results.size() == 1,
                  "attempt 1 is heard of again");
  });
  checks.check("the answer `pause` to a report ends the attempt", [&] {
    ExecutorBench bench(checks, kit, 1);
    const TrialRun run = bench.run("wait");
    bench.sink().answer(key_of(run), Decision::pause);
    bench.start(run);
    const auto result = bench.result(run);
    checks.expect(is_pause(result),
                  "a trial whose report is answered with pause ends as " + end_of(result));
  });
  checks.check("retire may name any trial that does not run", [&] {
    ExecutorBench bench(checks, kit, 1);
    bench.executor().retire(7);
    const TrialRun run = bench.run("complete");
    bench.start(run);
    if (!bench.result(run)) return;
    bench.executor().retire(run.trial);
    bench.executor().retire(run.trial);
  });
}

void check_lives(Checks& checks, const ExecutorKit& kit) {
  checks.check("an attempt that it does not know is gone", [&] {
    ExecutorBench bench(checks, kit, 1);
    const TrialRun run = bench.run("complete");
    checks.expect(bench.recover(run, "no handle of this executor") == Recovery::gone,
                  "recover finds something");
    checks.expect(bench.sink().heard(key_of(run)).results.empty(), "what is gone has no result");
    bench.start(ExecutorBench::next_attempt(run));
    const auto result = bench.result(ExecutorBench::next_attempt(run));
    checks.expect(result && result->outcome == Outcome::completed,
                  "the trial goes on as its next attempt");
  });
  checks.check("discard and describe may name any trial", [&] {
    ExecutorBench bench(checks, kit, 1);
    bench.executor().discard(7);
    bench.executor().describe(7);
    const TrialRun run = bench.run("complete");
    bench.start(run);
    if (!bench.result(run)) return;
    bench.executor().describe(run.trial);
    bench.executor().discard(run.trial);
    bench.executor().discard(run.trial);
  });
  checks.check("its end is the end of its trials", [&] {
    ExecutorBench bench(checks, kit, 2);
    const TrialRun first = bench.run("wait");
    const TrialRun second = bench.run("wait");
    bench.start(first);
    bench.start(second);
    if (!bench.reports(first) || !bench.reports(second)) return;
    bench.end();
    const std::size_t messages = bench.sink().messages();
    std::this_thread::sleep_for(quiet_time);
    checks.expect(bench.sink().messages() == messages,
                  "trials are heard of after the destructor has returned");
  });
  checks.check("it outlives the tuner that its trials report to", [&] {
    ExecutorBench bench(checks, kit, 2);
    bench.start(bench.run("wait"));
    bench.start(bench.run("complete", 4));
    bench.forget_sink();
    std::this_thread::sleep_for(quiet_time);
    bench.end();
  });
}

/// After the end of a session that was in order: whatever the answer, the reporter hears what goes
/// with it.
void check_found(Checks& checks, ExecutorBench& next, const TrialRun& run,
                 const std::string& handle) {
  const Recovery found = next.recover(run, handle);
  if (found == Recovery::running) {
    next.request_stop(run);
    next.result(run);
  } else if (found == Recovery::finished) {
    checks.expect(next.sink().heard(key_of(run)).results.size() == 1,
                  name_of(run) + " is over, it says, and gave no result before");
  } else {
    std::this_thread::sleep_for(quiet_time);
    checks.expect(next.sink().heard(key_of(run)).results.empty(),
                  name_of(run) + " is gone, it says, and there is a result");
  }
}

void check_sessions(Checks& checks, const ExecutorKit& kit) {
  checks.check("what an earlier session began is found again, or gone", [&] {
    ExecutorBench bench(checks, kit, 2);
    const TrialRun over = bench.run("complete", 3);
    const TrialRun waits = bench.run("wait");
    const std::string handle_of_over = bench.start(over);
    const std::string handle_of_waits = bench.start(waits);
    if (!bench.result(over) || !bench.reports(waits)) return;
    bench.forget_sink();
    bench.end();
    ExecutorBench next(checks, kit.patience, kit.again);
    check_found(checks, next, over, handle_of_over);
    check_found(checks, next, waits, handle_of_waits);
    const auto heard = next.sink().heard(key_of(over));
    checks.expect(heard.results.empty() ||
                      (heard.results[0].outcome == Outcome::completed && heard.reports.size() == 3),
                  name_of(over) + " comes back otherwise than it ended");
    const TrialRun again = ExecutorBench::next_attempt(over);
    next.start(again);
    const auto result = next.result(again);
    checks.expect(result && result->outcome == Outcome::completed,
                  "the trial goes on as its next attempt");
  });
}

}  // namespace

Conformance check_executor(const ExecutorKit& kit) {
  if (!kit.make) throw Error(ErrorCode::invalid_argument, "a conformance kit needs `make`");
  Checks checks;
  check_ends(checks, kit);
  check_capacity(checks, kit);
  check_stops(checks, kit);
  check_pauses(checks, kit);
  check_lives(checks, kit);
  if (kit.again) check_sessions(checks, kit);
  return std::move(checks).result();
}

Problem conformance_problem() {
  Problem problem;
  problem.space.add_categorical("behaviour", {"complete", "fail", "wait", "silent", "nan"})
      .add_int("levels", {.min = 1, .max = 100, .scale = Scale::linear});
  problem.objectives = {{.metric = "loss"}};
  problem.metrics = {{.name = "loss", .regex = R"(loss=([0-9.]+|nan))"}};
  problem.resource_regex = R"(level=([0-9]+))";
  return problem;
}

TrialResult conformance_trial(const TrialRun& run, const TrialReporter& reporter) {
  const std::string& behaviour = run.configuration.text("behaviour");
  if (behaviour == "complete") {
    const std::int64_t levels = run.configuration.integer("levels");
    for (std::int64_t level = 1; level <= levels; ++level) {
      reporter.report(static_cast<double>(level), {{"loss", 1.0 / static_cast<double>(level)}});
    }
    return {};
  }
  if (behaviour == "silent") return {};
  if (behaviour == "nan") {
    reporter.report(1, {{"loss", std::numeric_limits<double>::quiet_NaN()}});
    return {};
  }
  Decision decision = reporter.report(1, {{"loss", 1.0}});
  if (behaviour == "fail") return {.outcome = Outcome::failed, .reason = "it was to fail"};
  while (decision == Decision::keep_going) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    decision = reporter.report(1, {{"loss", 1.0}});
  }
  if (decision == Decision::pause) return {.outcome = Outcome::paused, .reason = "asked to pause"};
  return {.outcome = Outcome::stopped, .reason = "asked to stop"};
}

}  // namespace tunesmith::testing
