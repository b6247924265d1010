#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executor/trial_folder.hpp"
#include "tunesmith/subprocess_executor.hpp"

namespace tunesmith {

/// One hyperparameter in the forms that a script may meet (docs/script_mode.md).
struct Hyperparameter {
  /// In hyperparameters.json: always text.
  std::string text = {};
  /// On the command line.
  std::string argument = {};
  /// As JSON, in SM_HPS.
  std::string json = {};
  /// SM_HP_…: text without quotes, else JSON.
  std::string variable = {};
  /// Meant for SageMaker's own machinery: not passed to the script.
  bool framework = false;
};

/// By name, so in the order in which they are passed.
using Hyperparameters = std::map<std::string, Hyperparameter>;

/// A resource level as scripts read it: whole numbers without point and exponent.
std::string level_text(double level);

/// The static hyperparameter by which the script is told how far to run, where it has one
/// (infer_epochs) and the run has a target that is a whole number.
std::optional<std::string> until_parameter(const SubprocessOptions& options, const Problem& problem,
                                           const TrialRun& run);

/// The run's parameters and the static ones; a searched one wins over a static one of its name.
Hyperparameters hyperparameters(const SubprocessOptions& options, const Problem& problem,
                                const TrialRun& run);

/// Program, leading arguments and hyperparameters. The program is resolved where it is found.
std::vector<std::string> script_arguments(const SubprocessOptions& options,
                                          const Hyperparameters& values);

/// What the executor sets beside the inherited environment, the user's overrides included.
std::map<std::string, std::string> script_environment(const SubprocessOptions& options,
                                                      const Hyperparameters& values,
                                                      const TrialFolder& folder,
                                                      const TrialRun& run, std::string_view study,
                                                      const std::vector<std::string>& gpus);

/// The entry of the environment by which processes of an attempt are known: "NAME=value".
std::string attempt_tag(const TrialFolder& folder, int attempt);

/// Files of input/config by name.
std::map<std::string, std::string> config_files(const SubprocessOptions& options,
                                                const Hyperparameters& values);

/// Whether the system can start a program with these: no NUL inside, nothing longer than it takes.
/// Throws Error{invalid_argument} naming the first that is not so.
void check_startable(const std::vector<std::string>& arguments,
                     const std::map<std::string, std::string>& environment);

}  // namespace tunesmith
