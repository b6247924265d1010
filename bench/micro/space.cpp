// Between configurations, points of the unit cube and text.
#include <benchmark/benchmark.h>

#include <vector>

#include "fixture.hpp"

namespace {

namespace ts = tunesmith;

ts::Configuration middle(const ts::Space& space) {
  return space.decode(std::vector<double>(space.dimension(), 0.4));
}

void encode(benchmark::State& state) {
  const ts::Space space = bench::mixed_space(static_cast<int>(state.range(0)));
  const ts::Configuration configuration = middle(space);
  for (auto _ : state) benchmark::DoNotOptimize(space.encode(configuration));
}
BENCHMARK(encode)->ArgName("parameters")->Arg(2)->Arg(10)->Arg(30);

void decode(benchmark::State& state) {
  const ts::Space space = bench::mixed_space(static_cast<int>(state.range(0)));
  const std::vector<double> point(space.dimension(), 0.4);
  for (auto _ : state) benchmark::DoNotOptimize(space.decode(point));
}
BENCHMARK(decode)->ArgName("parameters")->Arg(2)->Arg(10)->Arg(30);

void check(benchmark::State& state) {
  const ts::Space space = bench::mixed_space(static_cast<int>(state.range(0)));
  const ts::Configuration configuration = middle(space);
  for (auto _ : state) benchmark::DoNotOptimize(space.check(configuration));
}
BENCHMARK(check)->ArgName("parameters")->Arg(10);

void constraint(benchmark::State& state) {
  ts::Space space = bench::mixed_space(10);
  space.add_constraint("p2 * p6 <= 4096 or p3 != 'a'");
  const ts::Configuration configuration = middle(space);
  for (auto _ : state) benchmark::DoNotOptimize(space.satisfies(configuration));
}
BENCHMARK(constraint);

void configuration_to_json(benchmark::State& state) {
  const ts::Configuration configuration = middle(bench::mixed_space(10));
  for (auto _ : state) benchmark::DoNotOptimize(configuration.to_json());
}
BENCHMARK(configuration_to_json);

void configuration_from_json(benchmark::State& state) {
  const std::string text = middle(bench::mixed_space(10)).to_json();
  for (auto _ : state) benchmark::DoNotOptimize(ts::Configuration::from_json(text));
}
BENCHMARK(configuration_from_json);

}  // namespace
