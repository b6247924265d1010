// Reports through asynchronous halving (stopping), with many trials before: what a report costs
// through a study, and what the strategy alone makes of it.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "fixture.hpp"

namespace {

namespace ts = tunesmith;

constexpr int levels = 81;

/// Falls with the level towards what the trial is worth, with some noise.
double loss_at(ts::TrialId trial, int level) {
  const double worth = std::fmod(static_cast<double>(trial) * 0.6180339887498949, 1.0);
  const double noise =
      std::fmod(static_cast<double>(trial * 131 + level) * 0.7548776662466927, 1.0);
  return worth + 1 / std::sqrt(level) + 0.1 * noise;
}

ts::Study new_study(const char* store, const bench::TemporaryFolder& folder) {
  return ts::Study({.problem = bench::mixed_problem(2),
                    .search = ts::asha_search({.max_resource = levels}),
                    .store = bench::new_store(store, folder)});
}

std::vector<ts::TrialRun> begin(ts::Study& study, std::int64_t count) {
  std::vector<ts::TrialRun> runs;
  for (std::int64_t i = 0; i < count; ++i) runs.push_back(*study.ask());
  return runs;
}

/// The trials report by turns, level by level, until they are stopped or at the highest. Answers
/// how many reports that were.
std::int64_t run_by_turns(ts::Study& study, std::vector<ts::TrialRun> runs, int up_to = levels) {
  std::int64_t reports = 0;
  for (int level = 1; level <= up_to; ++level) {
    reports += std::ssize(runs);
    std::erase_if(runs, [&](const ts::TrialRun& run) {
      return study.report(run, level, {{"loss", loss_at(run.trial, level)}}) == ts::Decision::stop;
    });
  }
  return reports;
}

void end(ts::Study& study, const std::vector<ts::TrialRun>& runs) {
  for (const ts::TrialRun& run : runs) study.tell(run, {.outcome = ts::Outcome::stopped});
}

void fill(ts::Study& study, std::int64_t trials) {
  constexpr std::int64_t at_once = 500;
  for (std::int64_t i = 0; i < trials; i += at_once) {
    const auto runs = begin(study, at_once);
    run_by_turns(study, runs);
    end(study, runs);
  }
}

/// Reports of 100 trials at a time up to `up_to`, where `trials` have ended before.
void reports(benchmark::State& state, const char* store, int up_to) {
  const bench::TemporaryFolder folder;
  ts::Study study = new_study(store, folder);
  fill(study, state.range(0));
  std::int64_t reports = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto runs = begin(study, 100);
    state.ResumeTiming();
    reports += run_by_turns(study, runs, up_to);
    state.PauseTiming();
    end(study, runs);
    state.ResumeTiming();
  }
  state.SetItemsProcessed(reports);
}

/// Trials run until they are stopped or at the highest level; most reports lie between rungs.
void asha_reports(benchmark::State& state, const char* store) { reports(state, store, levels); }
BENCHMARK_CAPTURE(asha_reports, memory, "memory")
    ->RangeMultiplier(10)
    ->Range(1000, 100000)
    ->Iterations(20);
BENCHMARK_CAPTURE(asha_reports, sqlite_fast, "fast")->Arg(100000)->Iterations(20);

/// Only first reports: each enters the lowest rung, where all trials have a value.
void asha_first_reports(benchmark::State& state, const char* store) { reports(state, store, 1); }
BENCHMARK_CAPTURE(asha_first_reports, memory, "memory")
    ->RangeMultiplier(10)
    ->Range(1000, 100000)
    ->Iterations(20);

/// The strategy is fed the log of such a study, event by event; the last 2,000 trials count.
void asha_alone(benchmark::State& state) {
  constexpr std::int64_t counted = 2000;
  const bench::TemporaryFolder folder;
  ts::Study study = new_study("memory", folder);
  fill(study, state.range(0));
  fill(study, counted);
  const ts::StudyView view = study.view();
  const auto events =
      study.store().events_since(study.key(), 0, static_cast<std::size_t>(view.prefix()));
  const auto last = std::find_if(events.begin(), events.end(), [&](const ts::StoredEvent& stored) {
    return stored.event.trial >= state.range(0);
  });
  std::int64_t fed = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto strategy = ts::asha_search({.max_resource = levels});
    strategy->on_events(view, {events.begin(), last});
    state.ResumeTiming();
    for (auto one = last; one != events.end(); ++one) {
      if (one->event.kind != ts::EventKind::reported) continue;
      benchmark::DoNotOptimize(strategy->on_events(view, {&*one, 1}));
      ++fed;
    }
  }
  state.SetItemsProcessed(fed);
}
BENCHMARK(asha_alone)
    ->RangeMultiplier(10)
    ->Range(1000, 100000)
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);

}  // namespace
