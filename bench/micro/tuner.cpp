// What a trial costs beyond its own work: through the tuner on threads, and as a process.
#include <benchmark/benchmark.h>
#include <spawn.h>
#include <sys/wait.h>

#include "fixture.hpp"

extern char** environ;

namespace {

namespace ts = tunesmith;

void per_trial(benchmark::State& state, std::int64_t trials) {
  state.counters["per_trial"] = benchmark::Counter(
      static_cast<double>(trials),
      benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void thread_pool_trials(benchmark::State& state) {
  constexpr std::int64_t trials = 1000;
  for (auto _ : state) {
    ts::Study study({.problem = bench::mixed_problem(10), .search = ts::random_search()});
    const auto objective = [](const ts::TrialRun&, const ts::TrialReporter&) {
      return ts::TrialResult{.metrics = {{"loss", 0.5}}};
    };
    ts::Tuner tuner(
        study,
        ts::thread_pool_executor(objective, {.max_parallel = static_cast<int>(state.range(0))}),
        {.budget = {.max_trials = trials}});
    tuner.run();
  }
  per_trial(state, trials);
}
BENCHMARK(thread_pool_trials)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void subprocess_trials(benchmark::State& state) {
  constexpr std::int64_t trials = 50;
  for (auto _ : state) {
    const bench::TemporaryFolder folder;
    ts::Problem problem = bench::mixed_problem(10);
    problem.metrics = {{.name = "loss", .regex = "loss=([0-9.]+)"}};
    ts::Study study({.problem = problem, .search = ts::random_search()});
    ts::Tuner tuner(study,
                    ts::subprocess_executor({.command = {"/bin/sh", "-c", "echo loss=0.5"},
                                             .folder = folder.file("trials")}),
                    {.budget = {.max_trials = trials}});
    tuner.run();
  }
  per_trial(state, trials);
}
BENCHMARK(subprocess_trials)->Unit(benchmark::kMillisecond)->UseRealTime();

/// The least that a process costs here: the same script, started and waited for.
void spawn_and_wait(benchmark::State& state) {
  char shell[] = "/bin/sh";
  char option[] = "-c";
  char script[] = "echo loss=0.5 >/dev/null";
  char* arguments[] = {shell, option, script, nullptr};
  for (auto _ : state) {
    pid_t process = 0;
    if (posix_spawn(&process, shell, nullptr, nullptr, arguments, environ) != 0) {
      state.SkipWithError("no process");
      break;
    }
    waitpid(process, nullptr, 0);
  }
}
BENCHMARK(spawn_and_wait)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
