#include <iostream>
#include <set>

#include "cli/board.hpp"
#include "cli/commands.hpp"
#include "cli/curves.hpp"
#include "cli/exit_code.hpp"
#include "cli/outcome_text.hpp"
#include "cli/screen.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "core/numbers.hpp"
#include "study/log_reader.hpp"
#include "tuner/result.hpp"
#include "tunesmith/instruction_set.hpp"

namespace tunesmith::cli {
namespace {

Target target_of(const TargetOptions& options) {
  return find_target(options.job, options.store, options.study);
}

std::string holder_of(Store& store, const std::string& name) {
  for (const StudyInfo& info : store.list()) {
    if (info.name == name) return info.holder;
  }
  return "";
}

/// A line where suggestions were computed with another instruction set than this machine's; else
/// empty.
std::string other_instruction_sets(const StudyView& view) {
  std::set<std::string> others;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id)
    others.insert(view.trial(id).instruction_set);
  others.erase("");
  others.erase(std::string(instruction_set()));
  std::string line;
  for (const std::string& other : others) line += (line.empty() ? "" : ", ") + printable(other);
  if (line.empty()) return line;
  return "Suggestions were computed with " + line + "; here they would be with " +
         std::string(instruction_set()) + ", and differ in the last bits unless it is pinned.\n";
}

}  // namespace

int validate_command(const std::string& job, bool strict_amt) {
  const std::string text = read_text(job);
  const JobOptions options{.base_folder = folder_of(job), .strict_amt = strict_amt};
  const std::vector<Mistake> mistakes = validate_job(text, options);
  for (const Mistake& mistake : mistakes) std::cout << printable(to_string(mistake)) << "\n";
  if (!mistakes.empty()) return exit_invalid;
  std::cout << job << " is valid\n";
  const Job loaded = load_job(text, options);
  for (const Mistake& mistake : loaded.unsupported) {
    std::cout << "but cannot be run as it is: " << printable(to_string(mistake)) << "\n";
  }
  if (loaded.executor.command.empty()) {
    std::cout << "and has no command: run it with --command\n";
  }
  return exit_ok;
}

int show_command(const TargetOptions& options) {
  const Target target = target_of(options);
  const auto store = open_existing(target.store_url);
  const StudyView view = read_study(*store, target.name);
  const std::string holder = holder_of(*store, target.name);
  const ScreenSize size{.width = screen_size().width, .height = static_cast<int>(view.size()) + 20};
  const Board board{.view = view,
                    .name = target.name,
                    .now = system_clock()->wall(),
                    .elapsed = view.active_time()};
  for (const std::string& line : render_board(board, size)) std::cout << line << "\n";
  std::cout << (holder.empty() ? "Nobody is tuning it now." : "Being tuned by " + printable(holder))
            << "\nTrials' folders: " << printable(target.place.trials) << "\n"
            << other_instruction_sets(view);
  if (const std::string notices = notices_text(view); !notices.empty()) {
    std::cout << printable_lines(notices, "") << "\n";
  }
  return exit_ok;
}

int best_command(const TargetOptions& options) {
  const Target target = target_of(options);
  const StudyView view = read_study(*open_existing(target.store_url), target.name);
  const std::vector<TrialId> front = view.front();
  if (front.empty()) {
    std::cerr << "no trial of \"" << target.name << "\" has given a usable result yet\n";
    return exit_failed;
  }
  const Problem& problem = view.problem();
  for (const TrialId id : front) {
    const Trial& trial = view.trial(id);
    // With one objective, only the earliest of equals is "the best".
    if (view.problem().objectives.size() == 1 && view.best() != id) continue;
    std::cout << "trial " << id << "\n";
    for (const auto& [name, value] : trial.metrics) {
      std::cout << "  " << printable(name) << ": " << number_text(value) << "\n";
    }
    for (std::size_t i = 0; view.repetitions(id).size() > 1 && i < problem.objectives.size(); ++i) {
      std::cout << "  mean of its repetitions, " << printable(problem.objectives[i].metric) << ": "
                << number_text(*view.mean_objective(id, i)) << "\n";
    }
    for (const auto& [name, value] : trial.configuration.values()) {
      std::cout << "  " << printable(name) << " = " << printable(to_text(value)) << "\n";
    }
    if (target.job && !target.job->executor.command.empty()) {
      std::cout << "  command: " << printable(rerun_command(*target.job, trial)) << "\n";
    }
  }
  if (const auto gain = view.gain()) {
    std::cout << "gain over the baseline: " << number_text(*gain) << "\n";
  }
  return exit_ok;
}

int trials_command(const TargetOptions& options, const std::string& format) {
  const Target target = target_of(options);
  const auto store = open_existing(target.store_url);
  const StudyView view = read_study(*store, target.name);
  if (format == "curves") {
    std::vector<StoredEvent> log;
    read_log(*store, store->open_study(target.name, "").key, 0, view.prefix(),
             [&](StoredEvent event) { log.push_back(std::move(event)); });
    std::cout << curves_text(view, log);
    return exit_ok;
  }
  std::cout << (format == "json"  ? trials_json(view)
                : format == "csv" ? trials_csv(view)
                                  : trials_table(view));
  return exit_ok;
}

int stop_command(const TargetOptions& options) {
  const Target target = target_of(options);
  const auto store = open_existing(target.store_url);
  const StudyView view = read_study(*store, target.name);
  const std::string holder = holder_of(*store, target.name);
  if (holder.empty()) {
    std::cout << "nobody is tuning \"" << target.name << "\": nothing to stop\n";
    return exit_ok;
  }
  Study study({.name = target.name, .problem = view.problem(), .store = store});
  study.request_stop("stopped by `tunesmith stop`");
  std::cout << "asked " << printable(holder) << " to stop\n";
  return exit_ok;
}

int schema_command() {
  std::cout << job_schema();
  return exit_ok;
}

}  // namespace tunesmith::cli
