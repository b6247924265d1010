#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <mutex>
#include <set>
#include <system_error>
#include <thread>

#include "core/numbers.hpp"
#include "executor/attempt.hpp"
#include "executor/executor_plugin.hpp"
#include "executor/machine.hpp"
#include "executor/script_mode.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/subprocess_executor.hpp"

namespace tunesmith {
namespace {

using Key = std::pair<TrialId, int>;
using SteadyClock = Attempt::SteadyClock;

/// In a handle, before where the attempt began to count levels.
constexpr std::string_view counted_from = ", from level ";

Key key_of(const TrialRun& run) { return {run.trial, run.attempt}; }

SteadyClock::duration ticks(Seconds seconds) {
  // A hundred years instead of an overflow.
  return std::chrono::duration_cast<SteadyClock::duration>(std::min(seconds, Seconds(3.2e9)));
}

void check_options(const SubprocessOptions& options) {
  std::vector<Mistake> mistakes;
  const auto require = [&](bool good, const char* path, const char* what) {
    if (!good) mistakes.push_back({.path = path, .what = what});
  };
  require(!options.command.empty() && !options.command[0].empty(), "/command",
          "is empty: there is no program to run");
  require(!options.folder.empty(), "/folder", "is empty: trials' files need a place");
  require(options.max_parallel >= 1, "/max_parallel", "must be at least 1");
  require(options.grace.count() >= 0, "/grace", "must not be negative");
  require(!options.time_limit || options.time_limit->count() > 0, "/time_limit",
          "must be greater than 0");
  require(!options.silence_limit || options.silence_limit->count() > 0, "/silence_limit",
          "must be greater than 0");
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_argument, std::move(mistakes));
}

/// What a script prints is the only way to its metrics.
void check_metrics(const Problem& problem) {
  std::vector<Mistake> mistakes;
  const auto require = [&](const std::string& metric, const std::string& path) {
    const auto same = [&](const MetricDefinition& known) { return known.name == metric; };
    if (std::none_of(problem.metrics.begin(), problem.metrics.end(), same))
      mistakes.push_back(
          {.path = path,
           .what = "\"" + metric + "\" has no definition that finds it in the output",
           .allowed = "the name of one of /metrics"});
  };
  for (std::size_t i = 0; i < problem.objectives.size(); ++i) {
    const std::string path = "/objectives/" + std::to_string(i);
    const Objective& objective = problem.objectives[i];
    require(objective.metric, path + "/metric");
    if (!objective.standard_error.empty())
      require(objective.standard_error, path + "/standard_error");
  }
  for (std::size_t i = 0; i < problem.constraints.size(); ++i)
    require(problem.constraints[i].metric, "/outcome_constraints/" + std::to_string(i) + "/metric");
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_problem, std::move(mistakes));
}

class SubprocessExecutor final : public TrialExecutor {
 public:
  explicit SubprocessExecutor(SubprocessOptions options) : options_(std::move(options)) {
    check_options(options_);
  }

  ~SubprocessExecutor() override {
    if (!reactor_.joinable()) return;
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      for (const auto& [key, attempt] : attempts_) attempt->ask_to_end(EndCause::tuner_gone);
    }
    wake();
    reactor_.join();
  }

  void open(std::string_view study, const Problem& problem) override {
    check_metrics(problem);
    // Compiles the patterns, so that a bad one is told before anything runs.
    const OutputReader trial_run(problem, TrialReporter({}, {}));
    if (!find_program(options_.command[0], options_.base_folder))
      throw Error(
          ErrorCode::invalid_argument,
          {{.path = "/command/0",
            .what = "\"" + options_.command[0] + "\" is neither in PATH nor in " +
                    (options_.base_folder.empty() ? "the current folder" : options_.base_folder),
            .allowed = "a program that may be executed"}});
    check_descriptors();
    launcher_ = find_launcher(options_.launcher);
    gpus_ = visible_gpus();
    study_ = study;
    problem_ = problem;
    wake_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (wake_.number() < 0)
      throw Error(ErrorCode::executor_failed, "no descriptor is left to wait for trials with");
    reactor_ = std::thread([this] { react(); });
  }

  int capacity() override { return options_.max_parallel; }

  std::string start(const TrialRun& run, TrialReporter reporter) override {
    if (!reactor_.joinable()) throw Error(ErrorCode::invalid_argument, "the executor is not open");
    const TrialFolder folder(options_.folder, run.trial);
    const Hyperparameters values = hyperparameters(options_, problem_, run);
    const int slot = free_slot();
    AttemptPlan plan{
        .launcher = launcher_,
        .arguments = script_arguments(options_, values),
        .environment = script_environment(options_, values, folder, run, study_,
                                          share_of_gpus(gpus_, slot, options_.max_parallel)),
        .grace = options_.grace,
        .knows_until = until_parameter(options_, problem_, run).has_value(),
        .max_log_bytes = options_.max_log_bytes};
    check_startable(plan.arguments, plan.environment);
    folder.prepare(run.attempt);
    for (const auto& [name, text] : config_files(options_, values)) {
      std::ofstream file(folder.config() + "/" + name, std::ios::binary | std::ios::trunc);
      if (!(file << text).flush())
        throw Error(ErrorCode::executor_failed, "cannot write " + folder.config() + "/" + name +
                                                    ": " + std::generic_category().message(errno));
    }
    const double before = counted_before(run);
    auto attempt = std::make_shared<Attempt>(plan, folder, run, slot,
                                             OutputReader(problem_, reporter, before), reporter);
    std::string handle = "process " + std::to_string(attempt->launcher());
    if (before > 0) handle += std::string(counted_from) + number_text(before);
    {
      const std::lock_guard lock(mutex_);
      attempts_.insert_or_assign(key_of(run), std::move(attempt));
    }
    wake();
    return handle;
  }

  void request_stop(const TrialRun& run) noexcept override {
    const std::lock_guard lock(mutex_);
    const auto found = attempts_.find(key_of(run));
    if (found != attempts_.end() && !found->second->ending())
      found->second->ask_to_end(EndCause::stopped);
  }

  void request_pause(const TrialRun& run) noexcept override {
    const std::lock_guard lock(mutex_);
    const auto found = attempts_.find(key_of(run));
    if (found == attempts_.end() || found->second->ending()) return;
    found->second->let_end();
    wake();
  }

  Recovery recover(const TrialRun& run, const std::string& handle,
                   TrialReporter reporter) override {
    const TrialFolder folder(options_.folder, run.trial);
    end_leftovers(folder, run.attempt);
    const std::optional<AttemptStatus> status =
        parse_status(read_file(folder.attempt(run.attempt) + ".status"));
    // Also of an attempt that is run again: its checkpoints may be ahead of what was read.
    const std::size_t at = handle.find(counted_from);
    const double before = at == std::string::npos
                              ? 0
                              : parse_number(handle.substr(at + counted_from.size())).value_or(0);
    OutputReader output(problem_, reporter, before);
    std::ifstream log(folder.attempt(run.attempt) + ".log", std::ios::binary);
    std::string bytes(65536, '\0');
    while (log.read(bytes.data(), static_cast<std::streamsize>(bytes.size())), log.gcount() > 0)
      output.feed({bytes.data(), static_cast<std::size_t>(log.gcount())});
    output.finish();
    // A trial that did not end by itself has not shown what it can: it goes on as a new attempt.
    if (!status || status->cause == EndCause::stopped || status->cause == EndCause::tuner_gone)
      return Recovery::gone;
    reporter.finish(verdict(*status, output, options_, problem_, folder, run.reached.has_value()));
    return Recovery::finished;
  }

  void discard(TrialId trial) noexcept override {
    try {
      TrialFolder(options_.folder, trial).discard();
    } catch (const std::exception& error) {
      log(LogLevel::warning, "trial " + std::to_string(trial) + ": " + error.what());
    }
  }

  void retire(TrialId trial) noexcept override {
    try {
      TrialFolder(options_.folder, trial).retire();
    } catch (const std::exception& error) {
      log(LogLevel::warning, "trial " + std::to_string(trial) + ": " + error.what());
    }
  }

  std::string describe(TrialId trial) override {
    return TrialFolder(options_.folder, trial).latest_log();
  }

 private:
  using AttemptPointer = std::shared_ptr<Attempt>;

  void log(LogLevel level, const std::string& words) {
    const std::lock_guard lock(log_mutex_);
    if (options_.log) options_.log(level, words);
  }

  /// The levels that a resumed script does not count again: those before its checkpoint, which is
  /// taken to be where earlier attempts ended.
  double counted_before(const TrialRun& run) const {
    const bool goes_on = run.reached && TrialFolder(options_.folder, run.trial).has_checkpoints();
    return goes_on ? std::max(0.0, std::floor(*run.reached)) : 0;
  }

  /// A trial takes one descriptor while it runs and a few more while it starts.
  void check_descriptors() const {
    constexpr rlim_t spare = 64;
    rlimit limit{};
    const rlim_t wanted = static_cast<rlim_t>(options_.max_parallel) + spare;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    throw Error(
        ErrorCode::invalid_argument,
        {{.path = "/max_parallel",
          .what = "needs about " + std::to_string(wanted) +
                  " open files, but this process may have only " + std::to_string(limit.rlim_cur),
          .allowed = "fewer trials, or a higher limit (ulimit -n)"}});
  }

  int free_slot() {
    const std::lock_guard lock(mutex_);
    std::set<int> taken;
    for (const auto& [key, attempt] : attempts_) taken.insert(attempt->slot());
    int slot = 0;
    while (taken.contains(slot)) ++slot;
    return slot;
  }

  void wake() noexcept {
    const std::uint64_t one = 1;
    // Fails only where the counter is full, and then the reactor wakes anyway.
    [[maybe_unused]] const ssize_t written = write(wake_.number(), &one, sizeof one);
  }

  std::vector<AttemptPointer> current(bool& closing) {
    const std::lock_guard lock(mutex_);
    closing = closing_;
    std::vector<AttemptPointer> all;
    for (const auto& [key, attempt] : attempts_) all.push_back(attempt);
    return all;
  }

  /// The one thread that reads what trials print, watches their limits and sees them end. It holds
  /// no lock while it talks to a reporter.
  void react() {
    for (;;) {
      bool closing = false;
      const std::vector<AttemptPointer> attempts = current(closing);
      if (closing && attempts.empty()) return;
      std::vector<pollfd> files = {{wake_.number(), POLLIN, 0}};
      SteadyClock::time_point wake_at = SteadyClock::time_point::max();
      for (const AttemptPointer& attempt : attempts) {
        files.push_back({attempt->socket(), POLLIN, 0});
        wake_at = std::min(wake_at, enforce_limits(*attempt));
      }
      poll(files.data(), files.size(), timeout_until(wake_at));
      std::uint64_t count = 0;
      [[maybe_unused]] const ssize_t drained = read(wake_.number(), &count, sizeof count);
      for (std::size_t i = 0; i < attempts.size(); ++i) {
        if (files[i + 1].revents != 0 && !pump(*attempts[i])) conclude(*attempts[i]);
      }
    }
  }

  static int timeout_until(SteadyClock::time_point time) {
    if (time == SteadyClock::time_point::max()) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(time - SteadyClock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3600 * 1000));
  }

  /// Answers when to look again.
  SteadyClock::time_point enforce_limits(Attempt& attempt) const {
    SteadyClock::time_point next = SteadyClock::time_point::max();
    const auto enforce = [&](const std::optional<Seconds>& limit, SteadyClock::time_point since,
                             EndCause cause) {
      if (!limit || attempt.ending()) return;
      const SteadyClock::time_point end = since + ticks(*limit);
      if (SteadyClock::now() < end) {
        next = std::min(next, end);
      } else if (cause == EndCause::silence_limit && attempt.has_news()) {
        // It was not silent: this thread was busy with others' reports.
        next = std::min(next, SteadyClock::now());
      } else {
        attempt.ask_to_end(cause);
      }
    };
    enforce(options_.time_limit, attempt.started(), EndCause::time_limit);
    enforce(options_.silence_limit, attempt.last_output(), EndCause::silence_limit);
    if (attempt.end_by() != SteadyClock::time_point::max())
      enforce(Seconds(0), attempt.end_by(), EndCause::stopped);
    return attempt.ending() ? SteadyClock::time_point::max() : next;
  }

  bool pump(Attempt& attempt) {
    try {
      return attempt.pump();
    } catch (const std::exception& error) {
      log(LogLevel::error, "trial " + std::to_string(attempt.run().trial) +
                               ": a report was not taken: " + error.what());
      attempt.ask_to_end(EndCause::stopped);
      return true;
    }
  }

  void conclude(Attempt& attempt) {
    const TrialRun& run = attempt.run();
    try {
      const std::optional<AttemptStatus> status = attempt.conclude();
      if (!status) end_leftovers(attempt.folder(), run.attempt);
      if (status && status->log_error != 0)
        log(LogLevel::warning, "trial " + std::to_string(run.trial) + ": its log is not whole: " +
                                   std::generic_category().message(status->log_error));
      const TrialResult result =
          status ? verdict(*status, attempt.output(), options_, problem_, attempt.folder(),
                           run.reached.has_value())
                 : TrialResult{.outcome = Outcome::lost, .reason = attempt.why_lost()};
      // An attempt that ends with its executor stays open: the next session runs it again.
      const bool interrupted = !status || status->cause == EndCause::tuner_gone;
      if (!forget(run) || !interrupted) attempt.reporter().finish(result);
    } catch (const std::exception& error) {
      log(LogLevel::error,
          "trial " + std::to_string(run.trial) + ": its result was not taken: " + error.what());
      forget(run);
    }
  }

  /// Makes room for the next one before the tuner is told. True while closing.
  bool forget(const TrialRun& run) {
    const std::lock_guard lock(mutex_);
    attempts_.erase(key_of(run));
    return closing_;
  }

  SubprocessOptions options_;
  std::string launcher_;
  std::string study_;
  Problem problem_;
  std::vector<std::string> gpus_;
  Descriptor wake_;
  std::mutex mutex_;
  std::mutex log_mutex_;
  bool closing_ = false;
  std::map<Key, AttemptPointer> attempts_;
  std::thread reactor_;
};

}  // namespace

std::unique_ptr<TrialExecutor> subprocess_executor(SubprocessOptions options) {
  return std::make_unique<SubprocessExecutor>(std::move(options));
}

ExecutorPlugin subprocess_executor_plugin() {
  return {.info = {.name = "subprocess", .summary = "A process of this machine for each trial."},
          .make = [](ObjectReader&) { return ProcessExecutorFactory(subprocess_executor); }};
}

}  // namespace tunesmith
