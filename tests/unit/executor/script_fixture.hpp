#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tunesmith/subprocess_executor.hpp"
#include "unit/executor/recording_sink.hpp"

namespace tunesmith::testing {

/// A folder of its own with a script in it, and an executor that runs the script. Everything that
/// its trials start is known by a tag.
class ScriptFixture {
 public:
  /// `script` is for /bin/sh unless it begins with "#!".
  explicit ScriptFixture(const std::string& script);
  ~ScriptFixture();
  ScriptFixture(const ScriptFixture&) = delete;
  ScriptFixture& operator=(const ScriptFixture&) = delete;

  /// Changes count until the first use of executor().
  SubprocessOptions options = {};
  Problem problem = {};
  std::shared_ptr<RecordingSink> sink = std::make_shared<RecordingSink>();

  TrialExecutor& executor();
  void end_executor() { executor_.reset(); }

  static TrialRun run_of(TrialId trial, int attempt = 1);
  /// Starts and answers at once.
  void start(TrialId trial, int attempt = 1);
  void start(const TrialRun& run);
  /// Starts and waits for the end.
  TrialResult run(TrialId trial = 0, int attempt = 1);

  const std::string& folder() const { return folder_; }
  std::string trial_path(TrialId trial) const;
  /// Processes that trials started and that still run.
  std::vector<int> survivors() const;
  /// Waits until `path` is there.
  static bool appears(const std::string& path);

 private:
  std::string folder_;
  std::string tag_;
  std::unique_ptr<TrialExecutor> executor_;
};

void write_text(const std::string& path, const std::string& text);
std::string read_text(const std::string& path);

}  // namespace tunesmith::testing
