#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <set>

#include "cli/board.hpp"
#include "cli/commands.hpp"
#include "cli/difference.hpp"
#include "cli/exit_code.hpp"
#include "cli/interrupts.hpp"
#include "cli/outcome_text.hpp"
#include "cli/screen.hpp"
#include "cli/text.hpp"

namespace tunesmith::cli {
namespace fs = std::filesystem;
namespace {

Error usage(const std::string& words) { return Error(ErrorCode::invalid_job, words); }

JobOptions job_options(const RunOptions& options, const std::string& job_folder) {
  JobOptions from_outside{.base_folder = job_folder};
  if (!options.command.empty()) {
    const auto words = split_command(options.command);
    if (!words || words->empty()) throw usage("--command: a quote is not closed, or it is empty");
    from_outside.command = *words;
  }
  for (const std::string& channel : options.channels) {
    const std::size_t equals = channel.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == channel.size()) {
      throw usage("--channel " + channel + ": write it as name=path");
    }
    from_outside.channels[channel.substr(0, equals)] =
        fs::absolute(channel.substr(equals + 1)).lexically_normal().string();
  }
  return from_outside;
}

/// What can be told before anything is made: no command, fields that cannot run, missing data.
void check_runnable(const Job& job) {
  std::vector<Mistake> mistakes = job.unsupported;
  if (job.executor.command.empty()) {
    mistakes.push_back({"/command", "is missing",
                        "in the job file, or --command \"python3 train.py\" on the command line"});
  }
  for (const auto& [name, path] : job.executor.channels) {
    if (!fs::exists(path)) {
      mistakes.push_back({"/channels" + std::string("/") + name, "\"" + path + "\" does not exist",
                          "a folder or file"});
    }
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_job, std::move(mistakes));
}

int dry_run(const Job& job) {
  Study study({.name = job.name,
               .problem = job.problem,
               .search = make_search(job.strategy.name, job.strategy.options)});
  const Asked first = study.ask();
  if (!first) throw Error(ErrorCode::invalid_job, "the space has no configuration to try");
  const CommandLine line = command_line(job.executor, job.problem, *first);
  std::cout << "The first trial would run in " << printable(line.working_folder) << ":\n  "
            << printable(shell_quoted(line.argv)) << "\nwith these added to the environment:\n";
  for (const auto& [name, value] : line.environment) {
    std::cout << "  " << printable(name + "=" + shell_quoted(value)) << "\n";
  }
  return exit_ok;
}

/// Shows what changed in the job file since the last run, and refuses what the log depends on. The
/// problem itself is compared by the study.
void compare_with_record(const Place& place, const std::string& text, const Job& job) {
  if (place.record.empty() || !fs::exists(place.record)) return;
  const std::string before = read_text(place.record);
  const std::vector<Difference> changes = differences(before, text);
  if (changes.empty()) return;
  std::cerr << "The job file has changed since the last run:\n";
  for (const Difference& change : changes) std::cerr << "  " << printable(to_text(change)) << "\n";
  try {
    const Job old = load_job(before);
    if (old.strategy != job.strategy) {
      std::string path = "/strategy";
      for (const Difference& change : changes) {
        if (change.path == "/HyperParameterTuningJobConfig/Strategy") path = change.path;
      }
      throw Error(ErrorCode::study_mismatch,
                  {{path, "was \"" + old.strategy.name + "\" with " + old.strategy.options,
                    "unchanged for the life of a study"}});
    }
  } catch (const Error& error) {
    if (error.code() == ErrorCode::study_mismatch) throw;  // an unreadable record says nothing
  }
}

/// Shows a running job: a board that is redrawn on a terminal, else a line per ended trial.
class Display {
 public:
  Display(std::string name, bool interactive, const StudyView& before)
      : name_(std::move(name)),
        interactive_(interactive),
        active_before_(before.active_time()),
        start_(system_clock()->monotonic()) {
    for (TrialId id = 0; id < static_cast<TrialId>(before.size()); ++id) {
      if (is_final(before.trial(id).state)) shown_.insert(id);
    }
  }

  void show(const Progress& progress) {
    const std::lock_guard lock(mutex_);
    const Board board{.view = progress.view,
                      .name = name_,
                      .now = system_clock()->wall(),
                      .elapsed = active_before_ + (system_clock()->monotonic() - start_),
                      .time_left = progress.time_left,
                      .stopping = progress.stopping};
    if (interactive_) {
      const ScreenSize size = screen_size();
      screen_.draw(render_board(board, size), size);
      return;
    }
    for (TrialId id = 0; id < static_cast<TrialId>(board.view.size()); ++id) {
      const Trial& trial = board.view.trial(id);
      if (is_final(trial.state) && shown_.insert(id).second) {
        std::cout << finished_line(board, trial) << std::endl;
      }
    }
  }

  /// A message below what is drawn; the board goes on below it. From any thread.
  void say(const std::string& message) {
    const std::lock_guard lock(mutex_);
    screen_.leave();
    std::cerr << message << std::endl;
  }

 private:
  std::mutex mutex_;
  std::string name_;
  bool interactive_;
  Seconds active_before_;
  Seconds start_;
  std::set<TrialId> shown_;
  Screen screen_;
};

/// The end of a run in words: why, the best, the logs, and how to go on.
void tell_end(const TuningResult& result, const Job& job, const Place& place) {
  const auto executor = subprocess_executor(job.executor);
  const FindLog find_log = [&](TrialId id) { return executor->describe(id); };
  std::cout << "\n" << result.report() << logs_text(result.view, place.trials, find_log);
  const auto best = result.view.best();
  if (!best || result.reason == EndReason::too_many_failures) {
    std::cout << failures_text(result.view, find_log);
  }
  if (!best) return;
  const Trial& trial = result.view.trial(*best);
  const fs::path folder = fs::path(place.trials).parent_path();
  const fs::path script = folder / (job.name + ".best.sh");
  std::ofstream file(script, std::ios::binary | std::ios::trunc);
  file << rerun_script(job, trial, (folder / (job.name + ".best")).string());
  std::cout << "Run the best again:\n";
  if (file.flush()) {
    std::cout << "  sh " << shell_quoted(script.string())
              << "\nwhich sets its environment and runs\n";
  }
  std::cout << "  " << printable(rerun_command(job, trial)) << "\n";
}

void write_record(const Place& place, const std::string& text) {
  if (place.record.empty()) return;
  std::ofstream file(place.record, std::ios::binary | std::ios::trunc);
  file << text;
}

int tune(const Job& job, const Place& place, const std::string& text) {
  std::error_code ignored;  // a folder that cannot be made is told by the store or the executor
  fs::create_directories(place.trials, ignored);
  std::unique_ptr<Display> display;
  bool recorded = false;
  TunerOptions callbacks;
  callbacks.on_progress = [&](const Progress& progress) {
    if (!recorded) write_record(place, text);  // only now the study is surely ours
    recorded = true;
    display->show(progress);
  };
  callbacks.log = [&](LogLevel level, std::string_view message) {
    if (level >= LogLevel::warning && display) display->say(printable(message));
  };
  OpenedJob opened = open_job(job, open_store(place.store_url), std::move(callbacks));
  const StudyView before = opened.study->view();
  if (before.size() > 0) {
    std::cout << "Going on with \"" << job.name << "\" after " << counts_text(before) << "."
              << std::endl;
  }
  display = std::make_unique<Display>(job.name, is_interactive(), before);

  int interrupts = 0;
  std::optional<TuningResult> result;
  {
    Interrupts listener([&](int, int count) {
      if (count > 1) {
        // The launchers end the trials' processes when this one is gone.
        std::fputs("\nEnded at once. The same command goes on from here.\n", stderr);
        std::fflush(nullptr);
        _exit(exit_interrupted);
      }
      display->say("\nStopping: running trials get SIGTERM and up to " +
                   duration_text(job.executor.grace) + ". Again (Ctrl-C) ends at once.");
      opened.tuner->cancel("interrupted");
    });
    result = opened.tuner->run();
    interrupts = listener.count();
  }
  tell_end(*result, job, place);
  if (interrupts > 0) {
    std::cout << "The same command goes on from here.\n";
    return exit_interrupted;
  }
  return result->view.best() ? exit_ok : exit_failed;
}

}  // namespace

int run_command(const RunOptions& options) {
  const std::string text = read_text(options.job);
  const std::string folder = folder_of(options.job);
  Job job = load_job(text, job_options(options, folder));
  if (options.max_parallel) job.max_parallel = job.executor.max_parallel = *options.max_parallel;
  if (options.max_trials) job.budget.max_trials = *options.max_trials;
  check_runnable(job);
  const Place place = place_of(folder, job.name, options.store);
  job.executor.folder = place.trials;
  if (options.dry_run) return dry_run(job);
  try {
    compare_with_record(place, text, job);
    return tune(job, place, text);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::study_mismatch) throw;
    const int code = explain(error);
    const std::string old = options.store.empty()
                                ? fs::path(place.trials).parent_path().string()
                                : place.trials + " and the study in " + place.store_url;
    std::cerr
        << "A study keeps its problem and its strategy. Undo the change, give the job another "
           "name, or remove the\nold results ("
        << old << "). Budget, parallelism and how trials are run may change.\n";
    return code;
  }
}

}  // namespace tunesmith::cli
