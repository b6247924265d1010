#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "fake_executor.hpp"
#include "support/catch.hpp"
#include "support/halving_search.hpp"
#include "support/test_folder.hpp"
#include "tunesmith/subprocess_executor.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith {
namespace {

namespace fs = std::filesystem;

StudyOptions halving_study(std::shared_ptr<Store> store = {}, bool retire = false) {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  problem.objectives = {{.metric = "loss"}};
  problem.metrics = {{.name = "loss", .regex = "loss: ([0-9.e-]+)"}};
  problem.resource_regex = "epoch ([0-9]+)";
  return {.name = "s",
          .problem = problem,
          .search = std::make_shared<HalvingSearch>(std::vector<double>{1, 3, 9}, retire),
          .store = std::move(store)};
}

/// Writes each epoch down twice: in the checkpoint, a moment after it is reported, and in a list.
/// `end` says how far it trains.
std::string trainer(const std::string& end) {
  return "#!/bin/sh\n"
         "e=$(cat \"$SM_CHECKPOINT_DIR/epoch\" 2>/dev/null || echo 0)\n"
         "while [ $e -lt " +
         end +
         " ]; do e=$((e + 1)); echo \"epoch $e loss: $SM_HP_X\"; sleep 0.05; "
         "echo $e > \"$SM_CHECKPOINT_DIR/new\"; mv \"$SM_CHECKPOINT_DIR/new\" "
         "\"$SM_CHECKPOINT_DIR/epoch\"; echo $e >> \"$SM_MODEL_DIR/epochs\"; done\n";
}

SubprocessOptions script_options(const TestFolder& folder, const std::string& script) {
  const std::string path = folder / "train.sh";
  std::ofstream(path) << script;
  fs::permissions(path, fs::perms::owner_all);
  return {.command = {path}, .folder = folder / "trials", .max_parallel = 2};
}

std::vector<int> epochs_of(const TestFolder& folder, TrialId trial) {
  std::ifstream file(folder / "trials/trial-000" + std::to_string(trial) + "/model/epochs");
  std::vector<int> epochs;
  for (int epoch = 0; file >> epoch;) epochs.push_back(epoch);
  return epochs;
}

/// Whether the list is 1, 2, …: no epoch lost and none repeated.
bool gapless(const std::vector<int>& epochs) {
  for (std::size_t i = 0; i < epochs.size(); ++i) {
    if (epochs[i] != static_cast<int>(i + 1)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("functions on threads are paused and resumed with what they reported") {
  Study study(halving_study());
  std::mutex mutex;
  std::map<TrialId, std::vector<double>> levels;
  const auto objective = [&](const TrialRun& run, const TrialReporter& reporter) -> TrialResult {
    // Trains on until it is told otherwise.
    for (double level = run.reached.value_or(0) + 1; level <= 100; ++level) {
      {
        const std::lock_guard lock(mutex);
        levels[run.trial].push_back(level);
      }
      const Metrics metrics = {{"loss", run.configuration.number("x") + 1 / level}};
      if (reporter.report(level, metrics) != Decision::keep_going) break;
    }
    return {};
  };
  Tuner tuner(study, thread_pool_executor(objective, {.max_parallel = 3}),
              {.budget = {.max_trials = 18}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::trials_spent);
  CHECK(result.explanation == "18 of 18 trials");
  REQUIRE(result.view.size() == 18);
  CHECK(result.view.count(TrialState::completed) >= 1);
  CHECK(result.view.count(TrialState::completed) + result.view.count(TrialState::stopped) == 18);
  REQUIRE(result.view.best());
  for (TrialId id = 0; id < 18; ++id) {
    const Trial& trial = result.view.trial(id);
    CHECK(static_cast<double>(levels[id].size()) == trial.until);
    CHECK(trial.reports.size() == levels[id].size());
    CHECK(std::set<double>(levels[id].begin(), levels[id].end()).size() == levels[id].size());
  }
}

TEST_CASE("a script that is told how far to train goes on from its checkpoint") {
  const TestFolder folder;
  const bool hyperparameter = GENERATE(true, false);
  const bool counted = GENERATE(true, false);
  CAPTURE(hyperparameter, counted);
  StudyOptions made = halving_study({}, true);
  if (counted) made.problem.resource_regex = "";
  Study study(std::move(made));
  SubprocessOptions options =
      script_options(folder, trainer(hyperparameter ? "$SM_HP_EPOCHS" : "$TUNESMITH_UNTIL"));
  if (hyperparameter) options.static_parameters = {{"epochs", "9"}};
  Tuner tuner(study, subprocess_executor(options), {.budget = {.max_trials = 9}});
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::trials_spent);
  REQUIRE(result.view.size() == 9);
  REQUIRE(result.view.best());
  CHECK(result.view.trial(*result.view.best()).state == TrialState::completed);
  for (TrialId id = 0; id < 9; ++id) {
    const Trial& trial = result.view.trial(id);
    CAPTURE(id, trial.reason);
    const std::vector<int> epochs = epochs_of(folder, id);
    CHECK(static_cast<double>(epochs.size()) == trial.until);
    CHECK(gapless(epochs));
    CHECK(trial.reports.size() == epochs.size());
    const std::string checkpoints =
        folder / "trials/trial-000" + std::to_string(id) + "/checkpoints";
    CHECK(fs::is_empty(checkpoints) == (trial.state == TrialState::stopped));
  }
}

TEST_CASE("a script that trains on regardless is asked to end once its checkpoint may be written") {
  const TestFolder folder;
  Study study(halving_study());
  // Slower than the patience after a report, so that it never reports beyond its level.
  std::string script = trainer("9");
  script.replace(script.find("do e="), 3, "do [ $e = 0 ] || sleep 5; ");
  SubprocessOptions options = script_options(folder, script);
  options.grace = Seconds(1);
  Tuner tuner(study, subprocess_executor(options), {.budget = {.max_trials = 2}});
  const TuningResult result = tuner.run();
  REQUIRE(result.view.size() == 2);
  for (TrialId id = 0; id < 2; ++id) {
    CHECK(result.view.trial(id).state == TrialState::stopped);
    CHECK(result.view.trial(id).reports.size() == 1);
    CHECK(epochs_of(folder, id) == std::vector<int>{1});
  }
}

TEST_CASE("an interrupted tuner leaves paused trials to the next one") {
  const auto store = open_store("memory:");
  {
    Study study(halving_study(store));
    auto log = std::make_shared<FakeLog>();
    auto executor = std::make_unique<FakeExecutor>(log);
    Tuner* running = nullptr;
    executor->on_start = [&](const TrialRun& run, const TrialReporter& reporter) {
      if (run.trial == 2) return running->cancel("for today");
      reporter.report(1, {{"loss", run.configuration.number("x")}});
      reporter.finish({.outcome = Outcome::stopped, .reason = "at its level"});
    };
    Tuner tuner(study, std::move(executor), {.budget = {.max_trials = 3}});
    running = &tuner;
    const TuningResult result = tuner.run();
    CHECK(result.reason == EndReason::cancelled);
    CHECK(result.view.count(TrialState::paused) == 2);
    CHECK(result.view.count(TrialState::preempted) == 1);
  }
  Study study(halving_study(store));
  auto log = std::make_shared<FakeLog>();
  auto executor = std::make_unique<FakeExecutor>(log);
  executor->on_start = [&](const TrialRun& run, const TrialReporter& reporter) {
    reporter.report(run.until, {{"loss", run.configuration.number("x")}});
    reporter.finish({});
  };
  Tuner tuner(study, std::move(executor));
  const TuningResult result = tuner.run();
  CHECK(result.reason == EndReason::trials_spent);
  REQUIRE(log->started.size() == 2);
  CHECK(log->started[0].trial == 2);
  CHECK(log->started[1].until == 3);
  CHECK(result.view.count(TrialState::stopped) == 3);
  CHECK(result.view.best().has_value());
}

}  // namespace tunesmith
