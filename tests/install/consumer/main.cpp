// What a host does first: a space, a study in SQLite, a tuner on a thread pool, and the same study
// again.
#include <cstdint>
#include <filesystem>
#include <fstream>
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

/// A trial in a process of its own: the launcher has to be found.
bool run_process(const std::filesystem::path& folder) {
  ts::Space space;
  space.add_int("x", {.min = 3, .max = 3});
  ts::Study study({.problem = {.space = space,
                               .objectives = {{.metric = "loss"}},
                               .metrics = {{.name = "loss", .regex = R"(loss=([0-9.]+))"}}}});
  ts::SubprocessOptions options{
      .command = {"/bin/sh", "-c", "echo launcher $(readlink /proc/$PPID/exe); echo loss=$2", "sh"},
      .folder = folder.string()};
#ifdef LAUNCHER
  options.launcher = LAUNCHER;
#endif
  ts::Tuner tuner(study, ts::subprocess_executor(options), {.budget = {.max_trials = 1}});
  const auto result = tuner.run();
  const auto best = result.view.best();
  std::cout << result.report() << '\n'
            << std::ifstream(folder / "trial-0000/attempt-1.log").rdbuf() << '\n';
  return best && result.view.objective(result.view.trial(*best)) == 3.0;
}

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() / "tunesmith_consumer";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string url = "sqlite:" + (folder / "study.db").string();
  const auto first = tune(url, 3);
  const auto second = tune(url, 5);
  std::cout << "tunesmith " << ts::version() << '\n' << second.report() << '\n';
  const bool process_ran = run_process(folder / "trials");
  std::filesystem::remove_all(folder);
  bool versions_agree = ts::version() == std::to_string(TUNESMITH_VERSION_MAJOR) + "." +
                                             std::to_string(TUNESMITH_VERSION_MINOR) + "." +
                                             std::to_string(TUNESMITH_VERSION_PATCH);
#ifdef PACKAGE_VERSION
  versions_agree = versions_agree && ts::version() == PACKAGE_VERSION;
#endif
  const bool resumed = first.view.size() == 3 && second.view.size() == 5;
  return versions_agree && resumed && process_ran ? 0 : 1;
}
