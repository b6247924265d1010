// What a host does first: a space, a study in SQLite, a tuner on a thread pool, and the same study
// again.
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;

namespace {

ts::TuningResult tune(const std::string& url, std::int64_t trials) {
  ts::Space space;
  space.add_float("lr", {.min = 1e-5, .max = 1e-1, .scale = ts::Scale::log})
      .add_float("momentum", {.min = 0.5, .max = 0.999, .scale = ts::Scale::reverse_log})
      .add_int("layers", {.min = 1, .max = 8})
      .add_categorical("optimizer", {"sgd", "adam"});
  ts::Study study({.name = "consumer",
                   .problem = {.space = space,
                               .objectives = {{.metric = "loss", .goal = ts::Goal::minimize}},
                               .metrics = {{.name = "loss", .regex = R"(loss: ([0-9.]+))"}},
                               .seed = 7},
                   .search = ts::bayesian_search(),
                   .store = ts::open_store(url)});
  auto loss = [](const ts::TrialRun& run, const ts::TrialReporter&) {
    const double lr = run.configuration.number("lr");
    return ts::TrialResult{.metrics = {{"loss", (lr - 0.01) * (lr - 0.01)}}};
  };
  ts::Tuner tuner(study, ts::thread_pool_executor(loss, {.max_parallel = 2}),
                  {.budget = {.max_trials = trials}});
  return tuner.run();
}

}  // namespace

int main() {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / "tunesmith_consumer.db";
  std::filesystem::remove(file);
  const std::string url = "sqlite:" + file.string();
  const auto first = tune(url, 3);
  const auto second = tune(url, 5);
  std::filesystem::remove(file);
  std::cout << "tunesmith " << ts::version() << '\n' << second.report() << '\n';
  const bool versions_agree = ts::version() == std::to_string(TUNESMITH_VERSION_MAJOR) + "." +
                                                   std::to_string(TUNESMITH_VERSION_MINOR) + "." +
                                                   std::to_string(TUNESMITH_VERSION_PATCH);
  return versions_agree && first.view.size() == 3 && second.view.size() == 5 ? 0 : 1;
}
