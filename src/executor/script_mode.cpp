#include "executor/script_mode.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "core/json.hpp"
#include "executor/machine.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

namespace fs = std::filesystem;

constexpr const char* host = "algo-1";
constexpr const char* network_interface = "lo";
constexpr const char* tag_name = "TUNESMITH_ATTEMPT";
/// MAX_ARG_STRLEN of Linux: one argument or "NAME=value", its NUL included.
constexpr std::size_t longest_argument = 131072;

/// ASCII only: what the locale thinks of other letters must not matter.
std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

fs::path base_of(const SubprocessOptions& options) {
  return fs::absolute(options.base_folder.empty() ? "." : options.base_folder).lexically_normal();
}

/// An argument that names a file of the base folder, as its absolute path.
std::string resolve_file(const std::string& argument, const fs::path& base) {
  if (argument.empty() || argument[0] == '-' || argument[0] == '/') return argument;
  std::error_code error;
  const fs::path file = (base / argument).lexically_normal();
  return fs::is_regular_file(file, error) ? file.string() : argument;
}

Json resource_config() {
  Json config;
  config["current_host"] = host;
  config["hosts"] = Json::array({host});
  config["network_interface_name"] = network_interface;
  return config;
}

Json input_data_config(const SubprocessOptions& options) {
  Json config = Json::object();
  for (const auto& [name, folder] : options.channels) {
    config[name] = Json::object();
    config[name]["TrainingInputMode"] = "File";
  }
  return config;
}

/// Letters, digits and hyphens, as names of training jobs are made of.
std::string job_name(std::string_view study, const std::string& trial) {
  std::string name;
  for (const char c : study) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += plain ? c : '-';
  }
  return name.empty() ? trial : name + "-" + trial;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

/// The hyperparameters as the script gets them, without program and leading arguments.
/// `json_values` marks a SageMaker script, for which the toolkit makes one-letter names short
/// options.
std::vector<std::string> user_arguments(const Hyperparameters& values, bool json_values) {
  std::vector<std::string> arguments;
  for (const auto& [name, value] : values) {
    if (value.framework) continue;
    const bool letter = json_values && name.size() == 1;
    const std::string option = (letter ? "-" : "--") + name;
    if (!value.argument.starts_with('-')) {
      arguments.push_back(option);
      arguments.push_back(value.argument);
    } else {
      // Alone it would be taken for an option: Python's argparse refuses `--x -1e-05`.
      arguments.push_back(option + (letter ? "" : "=") + value.argument);
    }
  }
  return arguments;
}

using Environment = std::map<std::string, std::string>;

void add_script(Environment& environment, const SubprocessOptions& options) {
  const fs::path base = base_of(options);
  fs::path entry = options.command.empty() ? "" : options.command[0];
  for (const std::string& argument : options.command) {
    if (!argument.ends_with(".py")) continue;
    entry = argument;
    break;
  }
  const fs::path file = (base / entry).lexically_normal();
  environment["SM_USER_ENTRY_POINT"] = file.filename().string();
  environment["SM_MODULE_NAME"] = file.stem().string();
  environment["SM_MODULE_DIR"] = (fs::exists(file) ? file.parent_path() : base).string();
  // `python3 -m train` looks in the current folder, which is the trial's.
  if (std::find(options.command.begin(), options.command.end(), "-m") != options.command.end()) {
    const char* inherited = std::getenv("PYTHONPATH");
    environment["PYTHONPATH"] =
        base.string() + (inherited != nullptr && *inherited ? ":" + std::string(inherited) : "");
  }
}

void add_shares(Environment& environment, const SubprocessOptions& options,
                const std::vector<std::string>& gpus) {
  const int parallel = std::max(1, options.max_parallel);
  const std::string cores = std::to_string(std::max(1, usable_cores() / parallel));
  for (const char* name :
       {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "SM_NUM_CPUS"})
    environment[name] = cores;
  environment["SM_NUM_GPUS"] = std::to_string(gpus.size());
  environment["SM_NUM_NEURONS"] = "0";
  if (parallel > 1 && !gpus.empty()) environment["CUDA_VISIBLE_DEVICES"] = joined(gpus);
}

}  // namespace

std::vector<std::string> script_arguments(const SubprocessOptions& options,
                                          const Hyperparameters& values) {
  std::vector<std::string> arguments;
  const fs::path base = base_of(options);
  for (const std::string& word : options.command) {
    if (arguments.empty()) {
      arguments.push_back(find_program(word, base.string()).value_or(word));
    } else {
      arguments.push_back(resolve_file(word, base));
    }
  }
  std::vector<std::string> own = user_arguments(values, options.json_values);
  std::move(own.begin(), own.end(), std::back_inserter(arguments));
  return arguments;
}

std::map<std::string, std::string> script_environment(const SubprocessOptions& options,
                                                      const Hyperparameters& values,
                                                      const TrialFolder& folder,
                                                      const TrialRun& run, std::string_view study,
                                                      const std::vector<std::string>& gpus) {
  Environment environment;
  Json all = Json::object();
  Json framework = Json::object();
  for (const auto& [name, value] : values) {
    (value.framework ? framework : all)[name] = Json::parse(value.json);
    if (!value.framework) environment["SM_HP_" + upper(name)] = value.variable;
  }
  environment["SM_HPS"] = json_text(all);
  environment["SM_FRAMEWORK_PARAMS"] = json_text(framework);
  environment["SM_USER_ARGS"] = json_text(Json(user_arguments(values, options.json_values)));

  environment["SM_MODEL_DIR"] = folder.model();
  environment["SM_OUTPUT_DIR"] = folder.output();
  environment["SM_OUTPUT_DATA_DIR"] = folder.output_data();
  environment["SM_OUTPUT_INTERMEDIATE_DIR"] = folder.intermediate();
  environment["SM_CHECKPOINT_DIR"] = folder.checkpoints();
  environment["SM_INPUT_DIR"] = folder.input();
  environment["SM_INPUT_CONFIG_DIR"] = folder.config();

  Json channels = Json::array();
  for (const auto& [name, path] : options.channels) {
    channels.push_back(name);
    environment["SM_CHANNEL_" + upper(name)] =
        (base_of(options) / path).lexically_normal().string();
  }
  environment["SM_CHANNELS"] = json_text(channels);
  environment["SM_INPUT_DATA_CONFIG"] = json_text(input_data_config(options));
  environment["SM_RESOURCE_CONFIG"] = json_text(resource_config());
  environment["SM_HOSTS"] = json_text(Json::array({host}));
  environment["SM_CURRENT_HOST"] = host;
  environment["SM_NETWORK_INTERFACE_NAME"] = network_interface;
  environment["SM_LOG_LEVEL"] = "20";
  environment["TRAINING_JOB_NAME"] = job_name(study, folder.name());
  add_script(environment, options);
  add_shares(environment, options, gpus);
  if (std::isfinite(run.until)) environment["TUNESMITH_UNTIL"] = level_text(run.until);
  if (run.reached) environment["TUNESMITH_REACHED"] = level_text(*run.reached);
  // Else what a script prints arrives in blocks, long after it was printed.
  environment["PYTHONUNBUFFERED"] = "1";
  for (const auto& [name, value] : options.environment) environment[name] = value;
  environment[tag_name] = folder.attempt(run.attempt);
  return environment;
}

std::string attempt_tag(const TrialFolder& folder, int attempt) {
  return std::string(tag_name) + "=" + folder.attempt(attempt);
}

std::map<std::string, std::string> config_files(const SubprocessOptions& options,
                                                const Hyperparameters& values) {
  Json texts = Json::object();
  for (const auto& [name, value] : values) texts[name] = value.text;
  return {{"hyperparameters.json", json_pretty(texts) + "\n"},
          {"inputdataconfig.json", json_pretty(input_data_config(options)) + "\n"},
          {"resourceconfig.json", json_pretty(resource_config()) + "\n"}};
}

void check_startable(const std::vector<std::string>& arguments,
                     const std::map<std::string, std::string>& environment) {
  const auto check = [](const std::string& text, const std::string& what) {
    if (text.find('\0') != std::string::npos)
      throw Error(ErrorCode::invalid_argument, what + " holds a NUL byte: it cannot be passed");
    if (text.size() + 1 > longest_argument)
      throw Error(ErrorCode::invalid_argument, what + " is " + std::to_string(text.size()) +
                                                   " bytes long; the system passes at most " +
                                                   std::to_string(longest_argument - 1));
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool value = i > 0 && arguments[i - 1].starts_with('-') && !arguments[i].starts_with('-');
    check(arguments[i], "argument " + (value ? arguments[i - 1] : std::to_string(i)));
  }
  for (const auto& [name, value] : environment) {
    if (name.empty() || name.find('=') != std::string::npos)
      throw Error(ErrorCode::invalid_argument,
                  "\"" + name + "\" cannot be the name of an environment variable");
    check(name + "=" + value, "environment variable " + name);
  }
}

CommandLine command_line(const SubprocessOptions& options, const Problem& problem,
                         const TrialRun& run, std::string_view study) {
  const TrialFolder folder(options.folder, run.trial);
  const Hyperparameters values = hyperparameters(options, problem, run);
  const std::vector<std::string> gpus =
      share_of_gpus(visible_gpus(), 0, std::max(1, options.max_parallel));
  Environment environment = script_environment(options, values, folder, run, study, gpus);
  // What a person starts by hand is not the executor's to end.
  environment.erase(tag_name);
  return {.argv = script_arguments(options, values),
          .environment = std::move(environment),
          .working_folder = folder.work()};
}

}  // namespace tunesmith
