// One suggestion from n completed trials over d parameters.
#include <benchmark/benchmark.h>

#include "fixture.hpp"

namespace {

namespace ts = tunesmith;

void suggest(benchmark::State& state, const char* name) {
  const std::int64_t trials = state.range(0);
  const auto dimension = static_cast<int>(state.range(1));
  const auto store = ts::open_store("memory:");
  const ts::Problem problem = bench::mixed_problem(dimension);
  {
    ts::Study study({.problem = problem, .search = ts::random_search(), .store = store});
    bench::run_to(study, trials - 1);
  }
  // The last trial by the strategy itself: what it remembers of its fit is in the log, as always
  // but once in a study.
  const auto search = ts::make_search(name);
  ts::Study study({.problem = problem, .search = search, .store = store});
  bench::run_to(study, trials);
  const ts::StudyView view = study.view();
  for (auto _ : state) {
    benchmark::DoNotOptimize(search->suggest(view, 1));
  }
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"trials", "parameters"})
      ->ArgsProduct({{10, 100, 1000}, {2, 10, 30}})
      ->Unit(benchmark::kMicrosecond);
}

void ten_parameters(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"trials", "parameters"})
      ->ArgsProduct({{10, 100, 1000, 10000}, {10}})
      ->Unit(benchmark::kMicrosecond);
}

BENCHMARK_CAPTURE(suggest, random, "random")->Apply(sizes);
BENCHMARK_CAPTURE(suggest, bayesian, "bayesian")->Apply(sizes)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(suggest, sobol, "sobol")->Apply(ten_parameters);
BENCHMARK_CAPTURE(suggest, latin_hypercube, "latin_hypercube")->Apply(ten_parameters);
BENCHMARK_CAPTURE(suggest, cma_es, "cma_es")->Apply(ten_parameters);
BENCHMARK_CAPTURE(suggest, evolution, "evolution")->Apply(ten_parameters);
BENCHMARK_CAPTURE(suggest, tpe, "tpe")
    ->ArgNames({"trials", "parameters"})
    ->ArgsProduct({{10, 100, 300, 1000, 3000}, {10}})
    ->Unit(benchmark::kMicrosecond);

// A study going on: suggestions with tells between, refits where they are due. The mean over them.
void suggest_in_turn(benchmark::State& state, const char* name) {
  const auto store = ts::open_store("memory:");
  const ts::Problem problem = bench::mixed_problem(10);
  {
    ts::Study study({.problem = problem, .search = ts::random_search(), .store = store});
    bench::run_to(study, state.range(0) - 1);
  }
  ts::Study study({.problem = problem, .search = ts::make_search(name), .store = store});
  std::int64_t trials = state.range(0);
  bench::run_to(study, trials);
  for (auto _ : state) bench::run_to(study, ++trials);
}
// Twenty trials: both a tenth row and, at 300, growth by 5 % lie within.
BENCHMARK_CAPTURE(suggest_in_turn, bayesian, "bayesian")
    ->ArgName("trials")
    ->Arg(100)
    ->Arg(300)
    ->Arg(1000)
    ->Arg(3000)
    ->Iterations(20)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(suggest_in_turn, cma_es, "cma_es")
    ->ArgName("trials")
    ->Arg(100)
    ->Arg(1000)
    ->Iterations(2000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(suggest_in_turn, tpe, "tpe")
    ->ArgName("trials")
    ->Arg(100)
    ->Arg(300)
    ->Arg(1000)
    ->Arg(3000)
    ->Iterations(20)
    ->Unit(benchmark::kMicrosecond);

// 64 trials wanted where n of another strategy ended, the first fit included: suggested in one
// call, or asked for one by one.
void suggest_many(benchmark::State& state, const char* name, bool at_once) {
  constexpr int wanted = 64;
  for (auto _ : state) {
    state.PauseTiming();
    const auto store = ts::open_store("memory:");
    const ts::Problem problem = bench::mixed_problem(10);
    {
      ts::Study study({.problem = problem, .search = ts::random_search(), .store = store});
      bench::run_to(study, state.range(0));
      study.set_budget({});
    }
    const auto search = ts::make_search(name);
    ts::Study study({.problem = problem, .search = search, .store = store});
    const ts::StudyView view = study.view();
    state.ResumeTiming();
    if (at_once) {
      benchmark::DoNotOptimize(search->suggest(view, wanted));
    } else {
      for (int i = 0; i < wanted; ++i) benchmark::DoNotOptimize(study.ask());
    }
  }
}
void many_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("trials")->Arg(20)->Arg(200)->Arg(1000)->Unit(benchmark::kMillisecond);
}
BENCHMARK_CAPTURE(suggest_many, bayesian_at_once, "bayesian", true)->Apply(many_sizes);
BENCHMARK_CAPTURE(suggest_many, bayesian_one_by_one, "bayesian", false)->Apply(many_sizes);

void suggest_grid(benchmark::State& state) {
  const std::int64_t trials = state.range(0);
  ts::Problem problem{.objectives = {{.metric = "loss"}}};
  for (int i = 0; i < state.range(1); ++i)
    problem.space.add_int("p" + std::to_string(i), {.min = 1, .max = 64});
  const auto search = ts::grid_search();
  ts::Study study({.problem = problem, .search = search});
  bench::run_to(study, trials);
  const ts::StudyView view = study.view();
  for (auto _ : state) {
    benchmark::DoNotOptimize(search->suggest(view, 1));
  }
}
BENCHMARK(suggest_grid)->Apply(sizes);

}  // namespace
