#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/executor.hpp"

namespace tunesmith {

struct SubprocessOptions {
  /// Program and leading arguments, e.g. {"python3", "train.py"}; hyperparameters follow as `--name
  /// value`. Never a shell. A program without a slash is looked up in PATH, then in `base_folder`;
  /// an argument that names an existing file of `base_folder` is passed as its absolute path,
  /// because each trial has a working folder of its own.
  std::vector<std::string> command = {};
  /// Where trials' folders are made, `<folder>/trial-0000/…`: attempt logs, working folder, model,
  /// output, checkpoints. Required; one study per folder. The first attempt of a trial clears what
  /// an older study left under the trial's number.
  std::string folder = {};
  /// Relative file names in `command` are looked up here (where the job file lies); empty: the
  /// current folder.
  std::string base_folder = {};
  int max_parallel = 1;
  /// Static hyperparameters, passed to every trial beside the searched ones; text as it goes to the
  /// command line.
  std::map<std::string, std::string> static_parameters = {};
  /// Data folders by channel name: SM_CHANNEL_<NAME>.
  std::map<std::string, std::string> channels = {};
  /// Added to the inherited environment last, so it can override everything the executor sets.
  std::map<std::string, std::string> environment = {};
  /// Text values are JSON, as SageMaker's framework estimators send them ("\"adam\""), and reach
  /// the script as the training toolkit decodes them (`adam`); what is no JSON stays as it is.
  /// Names of one letter become short options (`-n 5`), as the toolkit makes them.
  bool json_values = false;
  /// From SIGTERM to SIGKILL when an attempt is stopped; at most 3 s of it when the executor is
  /// destroyed or its process dies.
  Seconds grace = Seconds(120);
  /// Longest time of one attempt; none: unlimited.
  std::optional<Seconds> time_limit = {};
  /// Longest silence (no byte of output) before an attempt counts as hung and is stopped as failed;
  /// none: unlimited.
  std::optional<Seconds> silence_limit = {};
  /// Output kept on disk per attempt; what comes after is read for metrics and dropped, but for the
  /// last 16 KiB.
  std::size_t max_log_bytes = 1024UL * 1024 * 1024;
  /// The launcher program that guards a trial's processes; empty: looked for beside the library and
  /// in its install folder.
  std::string launcher = {};
  LogSink log = {};
};

/// Runs each attempt as a process of its own in SageMaker's script mode: argv, SM_* environment and
/// hyperparameters.json as the SageMaker training toolkit gives them (docs/script_mode.md), metrics
/// read from its output by the problem's definitions. A launcher process guards everything the
/// script starts, so that nothing outlives the attempt or the tuner. Attempts that finished while
/// no tuner was alive are harvested by `recover`. Throws Error{invalid_argument} for unusable
/// options.
TUNESMITH_API std::unique_ptr<TrialExecutor> subprocess_executor(SubprocessOptions options);

/// Makes an executor that runs a job's command, wherever it does; SubprocessOptions say what is run
/// and with what.
using ProcessExecutorFactory =
    std::function<std::unique_ptr<TrialExecutor>(SubprocessOptions options)>;

/// The executors a job file can name, with their own options.
TUNESMITH_API const std::vector<PluginInfo>& executors();

/// A factory by its name in executors(), its own options as a JSON object. Throws
/// Error{invalid_argument} with every mistake; paths are "/<option>", or "" for the name.
TUNESMITH_API ProcessExecutorFactory make_executor_factory(std::string_view name,
                                                           std::string_view options_json = "{}");

/// argv and the environment that the executor adds for a run, for `--dry-run` and for "run the best
/// again". Makes no folder. `study` is the name that TRAINING_JOB_NAME begins with.
struct CommandLine {
  std::vector<std::string> argv = {};
  std::map<std::string, std::string> environment = {};
  std::string working_folder = {};
};
TUNESMITH_API CommandLine command_line(const SubprocessOptions& options, const Problem& problem,
                                       const TrialRun& run, std::string_view study = {});

}  // namespace tunesmith
