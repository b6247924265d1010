// The stores alone: one event appended at a time, and a large study read back.
#include <benchmark/benchmark.h>

#include <vector>

#include "fixture.hpp"

namespace {

namespace ts = tunesmith;

void append(benchmark::State& state, const char* kind) {
  const bench::TemporaryFolder folder;
  const auto store = bench::new_store(kind, folder);
  ts::Study study(
      {.problem = bench::mixed_problem(10), .search = ts::random_search(), .store = store});
  const ts::Asked run = study.ask();
  ts::Event event{
      .kind = ts::EventKind::reported, .trial = 0, .attempt = 1, .value = 0.5, .metric = "loss"};
  for (auto _ : state) {
    event.resource += 1;
    store->append(study.key(), {&event, 1}, ts::Precondition::attempt_is_open(0, 1));
  }
}
BENCHMARK_CAPTURE(append, memory, "memory")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(append, sqlite_fast, "fast")->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(append, sqlite_full, "full")->Unit(benchmark::kMicrosecond)->UseRealTime();

/// A stored study of `trials` completed trials with ten reports each, made from one real trial.
std::string stored_study(const bench::TemporaryFolder& folder, std::int64_t trials) {
  const std::string url = "sqlite:" + folder.file(std::to_string(trials) + ".db");
  const auto store = ts::open_store(url);
  ts::Study study({.name = "large",
                   .problem = bench::mixed_problem(10),
                   .search = ts::random_search(),
                   .store = store});
  const ts::Asked run = study.ask();
  for (int level = 1; level <= 10; ++level) study.report(*run, level, {{"loss", 1.0 / level}});
  study.tell(*run, ts::TrialResult{});
  const auto one = store->events_since(study.key(), 0, 1000);
  std::vector<ts::Event> events;
  for (ts::TrialId trial = 1; trial < trials; ++trial) {
    for (const ts::StoredEvent& stored : one) {
      events.push_back(stored.event);
      events.back().trial = trial;
    }
    if (trial % 1000 == 0 || trial + 1 == trials) {
      store->append(study.key(), events, {});
      events.clear();
    }
  }
  return url;
}

/// From the file to a picture of the study.
void load(benchmark::State& state) {
  const bench::TemporaryFolder folder;
  const std::string url = stored_study(folder, state.range(0));
  for (auto _ : state) {
    const auto store = ts::open_store(url);
    const ts::StudyView view = ts::read_study(*store, "large");
    if (view.count(ts::TrialState::completed) != state.range(0)) {
      state.SkipWithError("not every trial is there");
      break;
    }
  }
  state.counters["events"] = static_cast<double>(state.range(0) * 12);
  state.counters["file_bytes"] = static_cast<double>(
      std::filesystem::file_size(folder.file(std::to_string(state.range(0)) + ".db")));
}
BENCHMARK(load)->ArgName("trials")->Arg(1000)->Arg(10000)->Arg(100000)->Unit(
    benchmark::kMillisecond);

}  // namespace
