// What a study adds to a trial: ask (by random search), reports and tell, through each store.
#include <benchmark/benchmark.h>

#include "fixture.hpp"

namespace {

namespace ts = tunesmith;

ts::StudyOptions options(const std::string& store, const bench::TemporaryFolder& folder) {
  return {.problem = bench::mixed_problem(10),
          .search = ts::random_search(),
          .store = bench::new_store(store, folder)};
}

void ask_and_tell(benchmark::State& state, const char* store) {
  const bench::TemporaryFolder folder;
  ts::Study study(options(store, folder));
  for (auto _ : state) {
    const ts::Asked run = study.ask();
    study.tell(*run, 0.5);
  }
}
BENCHMARK_CAPTURE(ask_and_tell, memory, "memory")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(ask_and_tell, sqlite_fast, "fast")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(ask_and_tell, sqlite_full, "full")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// Only the tell counts.
void tell(benchmark::State& state, const char* store) {
  const bench::TemporaryFolder folder;
  ts::Study study(options(store, folder));
  for (auto _ : state) {
    state.PauseTiming();
    const ts::Asked run = study.ask();
    state.ResumeTiming();
    study.tell(*run, 0.5);
  }
}
BENCHMARK_CAPTURE(tell, memory, "memory")->Unit(benchmark::kMicrosecond)->Iterations(20000);
BENCHMARK_CAPTURE(tell, sqlite_fast, "fast")->Unit(benchmark::kMicrosecond)->Iterations(5000);

/// A hundred levels a trial.
void report(benchmark::State& state, const char* store) {
  const bench::TemporaryFolder folder;
  ts::Study study(options(store, folder));
  ts::Asked run = study.ask();
  double level = 0;
  for (auto _ : state) {
    if (level == 100) {
      state.PauseTiming();
      study.tell(*run, 0.5);
      run = study.ask();
      level = 0;
      state.ResumeTiming();
    }
    study.report(*run, ++level, {{"loss", 1 / level}});
  }
}
BENCHMARK_CAPTURE(report, memory, "memory")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(report, sqlite_fast, "fast")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(report, sqlite_full, "full")->Unit(benchmark::kMicrosecond)->UseRealTime();

}  // namespace
