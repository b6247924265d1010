// A study outlives its process: the same program again goes on where the log ends, and what it then
// suggests is what would have come without the interruption.
#include <filesystem>
#include <iostream>
#include <string>

#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;
namespace fs = std::filesystem;

namespace {

double objective(const ts::Configuration& c) {
  const double x = c.number("x");
  return x * x + (c.text("kind") == "b" ? 0.5 : 0);
}

/// What a process does: opens the study, new or not, and works until `max_trials` are there.
ts::StudyView work(const std::string& store, int max_trials) {
  ts::Space space;
  space.add_float("x", {.min = -1, .max = 1}).add_categorical("kind", {"a", "b"});
  ts::Study study({.name = "resumed",
                   .problem = {.space = space, .objectives = {{.metric = "loss"}}, .seed = 5},
                   .store = ts::open_store(store)});
  study.set_budget({.max_trials = max_trials});
  while (const auto run = study.ask()) study.tell(*run, objective(run->configuration));
  return study.view();
}

}  // namespace

int main() {
  const fs::path folder = fs::temp_directory_path() / "tunesmith-example-05";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::string interrupted = "sqlite:" + (folder / "interrupted.db").string();

  std::cout << work(interrupted, 7).size() << " trials, then the process ends\n";
  const ts::StudyView resumed = work(interrupted, 20);
  std::cout << resumed.size() << " trials after the second one\n";

  const ts::StudyView whole = work("sqlite:" + (folder / "whole.db").string(), 20);
  bool same = true;
  for (ts::TrialId id = 0; id < 20; ++id) {
    same = same && resumed.trial(id).configuration == whole.trial(id).configuration;
  }
  std::cout << (same ? "the same as in one go\n" : "different from one go\n");
  fs::remove_all(folder);
}
