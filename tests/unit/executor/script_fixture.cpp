#include "unit/executor/script_fixture.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "executor/process_table.hpp"

namespace tunesmith::testing {

namespace fs = std::filesystem;

void write_text(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

ScriptFixture::ScriptFixture(const std::string& script) {
  std::string name = (fs::temp_directory_path() / "tunesmith-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  tag_ = "TUNESMITH_TEST=" + folder_;
  write_text(folder_ + "/trial-script", script.starts_with("#!") ? script : "#!/bin/sh\n" + script);
  fs::permissions(folder_ + "/trial-script", fs::perms::owner_all);
  options.command = {"trial-script"};
  options.folder = folder_ + "/trials";
  options.base_folder = folder_;
  options.environment = {{"TUNESMITH_TEST", folder_}};
  options.grace = Seconds(20);
  problem.objectives = {{.metric = "loss"}};
  problem.metrics = {{.name = "loss", .regex = "loss: ([0-9.]+)"}};
}

ScriptFixture::~ScriptFixture() {
  executor_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

TrialExecutor& ScriptFixture::executor() {
  if (!executor_) {
    executor_ = subprocess_executor(options);
    executor_->open("test", problem);
  }
  return *executor_;
}

TrialRun ScriptFixture::run_of(TrialId trial, int attempt) {
  return {.trial = trial, .attempt = attempt, .configuration = {{"lr", 0.1}}};
}

void ScriptFixture::start(TrialId trial, int attempt) { start(run_of(trial, attempt)); }

void ScriptFixture::start(const TrialRun& run) { executor().start(run, TrialReporter(sink, run)); }

TrialResult ScriptFixture::run(TrialId trial, int attempt) {
  start(trial, attempt);
  return sink->result(trial);
}

std::string ScriptFixture::trial_path(TrialId trial) const {
  const std::string number = std::to_string(trial);
  return options.folder + "/trial-" + std::string(4 - number.size(), '0') + number;
}

std::vector<int> ScriptFixture::survivors() const { return processes_tagged(tag_); }

bool ScriptFixture::appears(const std::string& path) {
  for (int i = 0; i < 3000; ++i) {
    if (fs::exists(path)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace tunesmith::testing
