#include "job/execution.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optional>
#include <utility>

namespace tunesmith {
namespace {

/// A number of seconds above 0, or with `zero` of at least 0.
std::optional<Seconds> seconds(ObjectReader& reader, std::string_view key, bool zero) {
  const auto number = reader.number(key);
  if (!number) return std::nullopt;
  if (*number < 0 || (*number == 0 && !zero)) {
    reader.mistake(key, "is " + json_excerpt(*reader.find(key)),
                   zero ? "a number of seconds of at least 0" : "a number of seconds above 0");
    return std::nullopt;
  }
  return Seconds(*number);
}

/// A text without NUL, which no command line or environment can carry.
std::optional<std::string> plain_text(const Json& json, const std::string& path,
                                      std::vector<Mistake>& mistakes) {
  if (json.is_discarded()) return std::nullopt;  // noted when the text was parsed
  if (!json.is_string()) {
    mistakes.push_back({path, "is " + json_kind(json) + " (" + json_excerpt(json) + ")",
                        json.is_primitive() && !json.is_null()
                            ? "a string: \"" + json_text(json) + "\" in quotes"
                            : "a string"});
    return std::nullopt;
  }
  std::string text = json.get<std::string>();
  if (text.find('\0') != std::string::npos) {
    mistakes.push_back({path, "contains a NUL character", "text without it"});
    return std::nullopt;
  }
  return text;
}

void read_channels(ObjectReader& reader, const std::string& base_folder, Job& job,
                   std::vector<Mistake>& mistakes) {
  const Json* channels = reader.object("channels");
  if (channels == nullptr) return;
  for (const auto& [name, folder] : channels->items()) {
    const std::string path = reader.path("channels") + pointer_step(name);
    const bool good_name = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    });
    if (!good_name) {
      mistakes.push_back({path, "has a name that is no channel's",
                          "letters, digits, dots, hyphens and underscores"});
      continue;
    }
    const auto text = plain_text(folder, path, mistakes);
    if (!text) continue;
    if (text->empty()) {
      mistakes.push_back({path, "is empty", "a folder or file"});
    } else {
      job.executor.channels[name] = below(base_folder, *text);
    }
  }
}

void read_environment(ObjectReader& reader, Job& job, std::vector<Mistake>& mistakes) {
  const Json* environment = reader.object("environment");
  if (environment == nullptr) return;
  for (const auto& [name, value] : environment->items()) {
    const std::string path = reader.path("environment") + pointer_step(name);
    if (name.empty() || name.find('=') != std::string::npos ||
        name.find('\0') != std::string::npos) {
      mistakes.push_back({path, "has a name that no variable can have",
                          "a name that is not empty and has no \"=\""});
      continue;
    }
    if (const auto text = plain_text(value, path, mistakes)) job.executor.environment[name] = *text;
  }
}

}  // namespace

std::string below(const std::string& base_folder, const std::string& path) {
  const std::filesystem::path file(path);
  if (file.is_absolute() || base_folder.empty()) return path;
  return (std::filesystem::path(base_folder) / file).lexically_normal().string();
}

bool is_job_name(const std::string& name) {
  const auto alnum = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  return !name.empty() && name.size() <= 100 && alnum(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return alnum(c) || c == '.' || c == '-' || c == '_'; });
}

void read_command(ObjectReader& reader, std::vector<std::string>& words,
                  std::vector<Mistake>& mistakes) {
  const Json* command = reader.find("command");
  if (command == nullptr) return;
  const std::string allowed = "an array of strings, e.g. [\"python3\", \"train.py\"]";
  if (!command->is_array()) {
    reader.mistake("command", "is " + json_kind(*command) + " (" + json_excerpt(*command) + ")",
                   allowed);
    return;
  }
  if (command->empty()) reader.mistake("command", "is empty", allowed);
  words.clear();
  const std::string path = reader.path("command");
  for (std::size_t i = 0; i < command->size(); ++i) {
    const auto word = plain_text((*command)[i], path + pointer_step(i), mistakes);
    if (!word) continue;
    if (i == 0 && word->empty()) {
      mistakes.push_back({path + pointer_step(i), "is empty", "the program to run"});
    }
    words.push_back(*word);
  }
}

void read_execution(ObjectReader& reader, const std::string& base_folder, Job& job,
                    std::vector<Mistake>& mistakes) {
  read_command(reader, job.executor.command, mistakes);
  read_channels(reader, base_folder, job, mistakes);
  read_environment(reader, job, mistakes);
  if (const auto flag = reader.boolean("json_values")) job.executor.json_values = *flag;
  if (const auto grace = seconds(reader, "stop_grace", true)) job.executor.grace = *grace;
  if (const auto limit = seconds(reader, "time_limit", false)) job.executor.time_limit = *limit;
  if (const auto limit = seconds(reader, "silence_limit", false)) {
    job.executor.silence_limit = *limit;
  }
  if (const auto count = reader.integer("keep_best", 0, INT32_MAX)) {
    job.keep_best = static_cast<int>(*count);
  }
}

void apply_overrides(const JobOptions& options, Job& job) {
  if (!options.command.empty()) job.executor.command = options.command;
  for (const auto& [name, folder] : options.channels) job.executor.channels[name] = folder;
}

}  // namespace tunesmith
