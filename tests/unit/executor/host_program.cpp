// A tuner's process for tests that kill one: runs trial 0 of a script and waits.
#include <unistd.h>

#include <memory>
#include <string>

#include "tunesmith/subprocess_executor.hpp"

namespace {

class DeafSink final : public tunesmith::TrialSink {
 public:
  tunesmith::Decision report(const tunesmith::TrialRun&, double,
                             const tunesmith::Metrics&) override {
    return tunesmith::Decision::keep_going;
  }
  void finish(const tunesmith::TrialRun&, const tunesmith::TrialResult&) override {}
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::string folder = argv[1];
  tunesmith::Problem problem;
  problem.objectives = {{.metric = "loss"}};
  problem.metrics = {{.name = "loss", .regex = "loss: ([0-9.]+)"}};
  const auto executor = tunesmith::subprocess_executor({.command = {argv[2]},
                                                        .folder = folder + "/trials",
                                                        .base_folder = folder,
                                                        .environment = {{"TUNESMITH_TEST", folder}},
                                                        .grace = tunesmith::Seconds(1)});
  executor->open("test", problem);
  const auto sink = std::make_shared<DeafSink>();
  const tunesmith::TrialRun run{.trial = 0, .configuration = {{"lr", 0.1}}};
  executor->start(run, tunesmith::TrialReporter(sink, run));
  for (;;) pause();
}
