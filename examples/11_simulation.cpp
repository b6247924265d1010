// Tuning on a clock that does not wait: how long would a job take with more workers?
#include <cmath>
#include <iostream>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;

namespace {

/// 20 epochs that take longer the wider the network is: what a training would report, and when.
ts::SimulatedCurve training(const ts::Configuration& c) {
  const double width = c.number("width");
  const double gap = std::abs(std::log10(c.number("lr")) + 2) + 8 / width;
  ts::SimulatedCurve curve;
  for (int epoch = 1; epoch <= 20; ++epoch) {
    curve.reports.push_back({.resource = static_cast<double>(epoch),
                             .elapsed = ts::Seconds(epoch * (60 + width)),
                             .metrics = {{"loss", 0.1 + 0.1 * gap + 1.0 / epoch}}});
  }
  return curve;
}

}  // namespace

int main() {
  ts::Problem problem;
  problem.space.add_float("lr", {.min = 1e-5, .max = 1, .scale = ts::Scale::log})
      .add_int("width", {.min = 8, .max = 256});
  problem.objectives = {{.metric = "loss"}};

  for (const int workers : {1, 4, 16}) {
    const auto clock = std::make_shared<ts::VirtualClock>();
    ts::Study study({.problem = problem, .search = ts::sobol_search(), .clock = clock});
    ts::Tuner tuner(study, ts::simulated_executor(training, clock, {.workers = workers}),
                    {.budget = {.max_trials = 64}});
    const ts::StudyView view = tuner.run().view;
    std::cout << "64 trials on " << workers << (workers == 1 ? " worker: " : " workers: ")
              << std::lround(clock->monotonic().count() / 3600)
              << " h, best loss below 0.2: " << std::boolalpha
              << (view.objective(view.trial(*view.best())) < 0.2) << "\n";
  }
}
