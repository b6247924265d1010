// Your own loop: ask for a trial, run it as you like, tell what came out. Shows scales, conditions,
// a configuration put in line by hand, reports on the way, and a trial that fails.
#include <cmath>
#include <iostream>
#include <stdexcept>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;

namespace {

/// Loss after an epoch; throws where training would diverge.
double train(const ts::Configuration& c, int epoch) {
  const double lr = c.number("lr");
  if (lr > 0.05) throw std::runtime_error("the loss is not a number");
  // Inactive parameters are absent: momentum is there for sgd alone.
  const double momentum = c.text("optimizer") == "sgd" ? c.number("momentum") : 0.9;
  return std::abs(std::log10(lr) + 2.5) + std::abs(momentum - 0.95) + 1.0 / epoch;
}

}  // namespace

int main() {
  ts::Space space;
  space.add_float("lr", {.min = 1e-5, .max = 1e-1, .scale = ts::Scale::log})
      .add_categorical("optimizer", {"sgd", "adam"})
      .add_float("momentum", {.min = 0.5,
                              .max = 0.999,
                              .scale = ts::Scale::reverse_log,
                              .when = {{"optimizer", {"sgd"}}}});
  ts::Study study({.problem = {.space = space, .objectives = {{.metric = "loss"}}, .seed = 2}});
  study.set_budget({.max_trials = 30});
  study.enqueue({{"lr", 0.09}, {"optimizer", std::string("adam")}}, "what we use today");

  while (const auto run = study.ask()) {
    try {
      for (int epoch = 1; epoch <= 5; ++epoch) {
        study.report(*run, epoch, {{"loss", train(run->configuration, epoch)}});
      }
      study.tell(*run, ts::TrialResult{});  // the last report counts
    } catch (const std::exception& error) {
      study.fail(*run, error.what());
    }
  }

  const ts::StudyView view = study.view();
  std::cout << "ended: " << study.why_spent() << "\n"
            << "trial 0, " << view.trial(0).note << ": " << to_string(view.trial(0).state) << ", "
            << view.trial(0).reason << "\n"
            << "best learning rate between 0.002 and 0.005: " << std::boolalpha;
  const double lr = view.trial(*view.best()).configuration.number("lr");
  std::cout << (lr > 0.002 && lr < 0.005) << "\n";
}
