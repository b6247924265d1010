#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "support/catch.hpp"
#include "tunesmith/error.hpp"
#include "unit/executor/recording_sink.hpp"

namespace tunesmith {
namespace {

using testing::RecordingSink;

TrialRun run_of(TrialId trial) { return {.trial = trial, .configuration = {{"x", double(trial)}}}; }

TEST_CASE("Objectives run on threads, report and end with their result") {
  const auto sink = std::make_shared<RecordingSink>();
  const auto executor = thread_pool_executor(
      [](const TrialRun& run, const TrialReporter& reporter) -> TrialResult {
        reporter.report(1, {{"loss", run.configuration.number("x")}});
        return {.metrics = {{"loss", 7.0}}};
      },
      {.max_parallel = 3});
  CHECK(executor->capacity() == 3);
  for (TrialId trial = 0; trial < 20; ++trial)
    executor->start(run_of(trial), TrialReporter(sink, run_of(trial)));
  for (TrialId trial = 0; trial < 20; ++trial) {
    const TrialResult result = sink->result(trial);
    CHECK(result.outcome == Outcome::completed);
    CHECK(result.metrics == Metrics{{"loss", 7.0}});
    REQUIRE(sink->reports(trial).size() == 1);
    CHECK(sink->reports(trial)[0].metrics.at("loss") == double(trial));
    CHECK(sink->results_of(trial) == 1);
  }
}

TEST_CASE("An exception is a failed trial with its words") {
  const auto sink = std::make_shared<RecordingSink>();
  const auto executor = thread_pool_executor([](const TrialRun& run, const TrialReporter&) {
    if (run.trial == 0) throw std::runtime_error("no such data set");
    if (run.trial == 1) throw 7;
    return TrialResult{};
  });
  for (TrialId trial = 0; trial < 3; ++trial)
    executor->start(run_of(trial), TrialReporter(sink, run_of(trial)));
  CHECK(sink->result(0).outcome == Outcome::failed);
  CHECK(sink->result(0).reason == "no such data set");
  CHECK(sink->result(1).outcome == Outcome::failed);
  CHECK_FALSE(sink->result(1).reason.empty());
  CHECK(sink->result(2).outcome == Outcome::completed);
}

TEST_CASE("A requested stop is the answer to the next report") {
  const auto sink = std::make_shared<RecordingSink>();
  const auto executor =
      thread_pool_executor([](const TrialRun&, const TrialReporter& reporter) -> TrialResult {
        double level = 0;
        while (reporter.report(++level, {{"loss", 1.0}}) == Decision::keep_going) {
        }
        return {};
      });
  executor->start(run_of(0), TrialReporter(sink, run_of(0)));
  sink->reports(0, 3);
  executor->request_stop(run_of(0));
  CHECK(sink->result(0).outcome == Outcome::stopped);
  CHECK_FALSE(sink->result(0).reason.empty());
  executor->request_stop(run_of(0));
  executor->request_stop(run_of(99));

  SECTION("so is the tuner's own") {
    sink->answer_with(Decision::stop);
    executor->start(run_of(1), TrialReporter(sink, run_of(1)));
    CHECK(sink->result(1).outcome == Outcome::stopped);
    CHECK(sink->reports(1).size() == 1);
  }
}

TEST_CASE("No more objectives run at once than the pool has threads") {
  const auto sink = std::make_shared<RecordingSink>();
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  {
    const auto executor = thread_pool_executor(
        [&](const TrialRun&, const TrialReporter&) -> TrialResult {
          const int now = ++running;
          int seen = most;
          while (seen < now && !most.compare_exchange_weak(seen, now)) {
          }
          std::this_thread::sleep_for(std::chrono::milliseconds(2));
          --running;
          return {};
        },
        {.max_parallel = 2});
    for (TrialId trial = 0; trial < 8; ++trial)
      executor->start(run_of(trial), TrialReporter(sink, run_of(trial)));
    for (TrialId trial = 0; trial < 8; ++trial) sink->result(trial);
  }
  CHECK(most <= 2);
  CHECK(running == 0);
}

TEST_CASE("The destructor asks running objectives to end and waits for them") {
  const auto sink = std::make_shared<RecordingSink>();
  std::atomic<bool> ended = false;
  {
    const auto executor =
        thread_pool_executor([&](const TrialRun&, const TrialReporter& reporter) -> TrialResult {
          double level = 0;
          while (reporter.report(++level, {}) == Decision::keep_going) {
          }
          ended = true;
          return {};
        });
    executor->start(run_of(0), TrialReporter(sink, run_of(0)));
    sink->reports(0, 1);
  }
  CHECK(ended);
}

TEST_CASE("An unusable pool is refused") {
  CHECK_THROWS_AS(thread_pool_executor({}), Error);
  CHECK_THROWS_AS(thread_pool_executor([](const auto&, const auto&) { return TrialResult{}; },
                                       {.max_parallel = -1}),
                  Error);
}

TEST_CASE("A reporter whose tuner is gone says stop and drops results") {
  auto sink = std::make_shared<RecordingSink>();
  const TrialReporter reporter(sink, run_of(4));
  CHECK(reporter.report(1, {}) == Decision::keep_going);
  CHECK(reporter.run().trial == 4);
  sink.reset();
  CHECK(reporter.report(2, {}) == Decision::stop);
  CHECK_NOTHROW(reporter.finish({}));
}

}  // namespace
}  // namespace tunesmith
