#include "cli/outcome_text.hpp"

#include <algorithm>
#include <fstream>
#include <set>

#include "cli/text.hpp"

namespace tunesmith::cli {
namespace {

constexpr std::size_t most_logs = 30;
constexpr std::size_t most_failures = 3;
constexpr std::size_t tail_lines = 15;

bool has_failed(const Trial& trial) {
  return trial.state == TrialState::failed || trial.state == TrialState::lost;
}

TrialRun run_of(const Trial& trial) {
  return {
      .trial = trial.id, .attempt = 1, .configuration = trial.configuration, .until = trial.until};
}

}  // namespace

std::string tail_of(const std::string& path, std::size_t lines, const std::string& indent) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "";
  constexpr std::streamoff most = 16384;
  const std::streamoff size = file.tellg();
  file.seekg(std::max<std::streamoff>(0, size - most));
  std::vector<std::string> all;
  for (std::string line; std::getline(file, line);) all.push_back(std::move(line));
  std::string text;
  for (std::size_t i = all.size() > lines ? all.size() - lines : 0; i < all.size(); ++i) {
    if (!all[i].empty() && all[i].back() == '\r') all[i].pop_back();
    text += indent + truncated(printable(all[i]), 160) + "\n";
  }
  return text;
}

std::string logs_text(const StudyView& view, const std::string& trials_folder,
                      const FindLog& find_log) {
  std::string text = "Logs, in " + printable(trials_folder) + ":\n";
  const auto count = static_cast<TrialId>(view.size());
  const auto best = view.best();
  TrialId left_out = 0;
  for (TrialId id = 0; id < count; ++id) {
    const Trial& trial = view.trial(id);
    if (view.size() > most_logs && best != id && !has_failed(trial)) {
      ++left_out;
      continue;
    }
    std::string log = find_log(id);
    if (log.rfind(trials_folder + "/", 0) == 0) log = log.substr(trials_folder.size() + 1);
    text += "  trial " + padded(std::to_string(id), 5) + padded(to_string(trial.state), 12) +
            (log.empty() ? "(no log)" : printable(log)) + (best == id ? "  (best)" : "") + "\n";
  }
  if (left_out > 0) {
    text += "  and " + std::to_string(left_out) + " more, each in its trial-<number>/\n";
  }
  return text;
}

std::string failures_text(const StudyView& view, const FindLog& find_log) {
  std::vector<const Trial*> failed;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    if (has_failed(view.trial(id))) failed.push_back(&view.trial(id));
  }
  std::string text;
  for (std::size_t i = failed.size() > most_failures ? failed.size() - most_failures : 0;
       i < failed.size(); ++i) {
    const Trial& trial = *failed[i];
    text += "Trial " + std::to_string(trial.id) + " " + to_string(trial.state) + ": " +
            printable_lines(trial.reason, "  ") + "\n";
    const std::string log = find_log(trial.id);
    if (log.empty()) continue;
    const std::string tail = tail_of(log, tail_lines, "  | ");
    text +=
        tail.empty() ? "  (it printed nothing)\n" : "  the end of " + printable(log) + ":\n" + tail;
  }
  return text;
}

std::string rerun_script(const Job& job, const Trial& trial, const std::string& folder) {
  SubprocessOptions options = job.executor;
  options.folder = folder;
  const CommandLine line = command_line(options, job.problem, run_of(trial));
  std::set<std::string> folders = {line.working_folder};
  std::string exports;
  for (const auto& [name, value] : line.environment) {
    exports += "export " + name + "=" + shell_quoted(value) + "\n";
    if (value.rfind(folder + "/", 0) == 0) folders.insert(value);
  }
  std::string script = "#!/bin/sh\n# Runs the configuration of trial " + std::to_string(trial.id) +
                       " of " + job.name + " again. What it makes goes to\n# " + printable(folder) +
                       "\nset -e\n";
  script += "mkdir -p";
  for (const std::string& path : folders) script += " " + shell_quoted(path);
  script += "\n" + exports + "cd " + shell_quoted(line.working_folder) + "\n";
  return script + "exec " + shell_quoted(line.argv) + " \"$@\"\n";
}

std::string rerun_command(const Job& job, const Trial& trial) {
  return shell_quoted(command_line(job.executor, job.problem, run_of(trial)).argv);
}

}  // namespace tunesmith::cli
