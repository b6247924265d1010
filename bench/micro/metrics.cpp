// Metrics out of a trial's output. The log is a training run's: a progress line per step, a line
// with a result per epoch.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>

#include "fixture.hpp"

namespace {

namespace ts = tunesmith;

/// About 8 MB; `dense`: every line has five values.
std::string training_log(bool dense) {
  std::string log;
  for (int epoch = 1; log.size() < 8'000'000; ++epoch) {
    for (int step = 0; step < 500; ++step) {
      char line[200];
      if (dense) {
        std::snprintf(line, sizeof line,
                      "step %d loss=%.4f acc=%.4f lr=%.2e grad_norm=%.3f tokens_per_s=%d\n", step,
                      2.0 / (step + 1), 0.5 + step * 1e-3, 1e-3, 0.7, 51234 + step);
      } else {
        std::snprintf(line, sizeof line,
                      "2026-01-02 03:04:05,678 INFO trainer.py:%d batch %d of 500, 51.2 samples "
                      "per second, 7.3 GB in use\n",
                      step % 97, step);
      }
      log += line;
    }
    char line[100];
    std::snprintf(line, sizeof line, "Epoch %d: validation loss = %.5f, accuracy = %.4f\n", epoch,
                  1.0 / epoch, 1 - 0.5 / epoch);
    log += line;
  }
  return log;
}

void extract(benchmark::State& state, const ts::ExtractionOptions& options, bool dense) {
  const std::string log = training_log(dense);
  std::size_t values = 0;
  for (auto _ : state) {
    ts::MetricExtractor extractor(options);
    values = 0;
    const auto count = [&](const ts::MetricReport& report) { values += report.metrics.size(); };
    // As it comes out of a pipe.
    for (std::size_t at = 0; at < log.size(); at += 65536)
      extractor.feed(std::string_view(log).substr(at, 65536), count);
    extractor.finish(count);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * log.size()));
  state.counters["values_per_pass"] = static_cast<double>(values);
}

const ts::ExtractionOptions rare = {
    .metrics = {{.name = "loss", .regex = "validation loss = ([0-9.]+)"}},
    .resource_regex = "Epoch ([0-9]+)"};
const ts::ExtractionOptions general = {
    .metrics = {{.name = "loss", .regex = R"((?i)\b(?:val|validation)[ _]?loss\s*[:=]\s*(\S+?),)"}},
    .resource_regex = R"(Epoch\s+(\d+))"};
const ts::ExtractionOptions five = {
    .metrics = {{.name = "loss", .regex = "loss=([0-9.]+)"},
                {.name = "acc", .regex = "acc=([0-9.]+)"},
                {.name = "lr", .regex = "lr=([0-9.e+-]+)"},
                {.name = "grad_norm", .regex = "grad_norm=([0-9.]+)"},
                {.name = "speed", .regex = "tokens_per_s=([0-9]+)"}}};

BENCHMARK_CAPTURE(extract, one_rare_metric, rare, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(extract, one_rare_general_pattern, general, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(extract, five_metrics_in_each_line, five, true)->Unit(benchmark::kMillisecond);

}  // namespace
