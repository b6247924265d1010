#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/clock.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/log.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What the tuner answers to a report.
enum class Decision {
  keep_going,
  stop,   ///< end the trial soon; what it reported counts
  pause,  ///< end the attempt soon, keeping what a later attempt of the trial needs to go on
};

/// How an attempt ended, as its executor tells it.
struct TrialResult {
  Outcome outcome = Outcome::completed;
  /// In words, e.g. "exit status 1: ModuleNotFoundError: No module named 'torch'". Required unless
  /// completed.
  std::string reason = {};
  /// Final metrics, where the host knows them; empty: they are taken from the reports by the
  /// problem's final rule.
  Metrics metrics = {};
};

/// Receives what executors say; implemented by the tuner. Thread-safe.
class TUNESMITH_API TrialSink {
 public:
  virtual ~TrialSink() = default;
  virtual Decision report(const TrialRun& run, double resource, const Metrics& metrics) = 0;
  virtual void finish(const TrialRun& run, const TrialResult& result) = 0;
};

/// The line from a running attempt back to the tuner. Copy it freely and use it from any thread,
/// also inside TrialExecutor::start and after the tuner has gone (then reports answer `stop` and
/// results are dropped: the next session asks TrialExecutor::recover).
class TUNESMITH_API TrialReporter {
 public:
  TrialReporter(std::weak_ptr<TrialSink> sink, TrialRun run);

  const TrialRun& run() const noexcept { return run_; }
  /// Metrics reached at a resource level (epoch, step count, …). Levels may come in any order and
  /// repeatedly: the latest value of a metric at a level holds. Answers at once.
  Decision report(double resource, const Metrics& metrics) const;
  /// Ends the attempt. Only the first call of an attempt counts.
  void finish(const TrialResult& result) const;

 private:
  std::weak_ptr<TrialSink> sink_;
  TrialRun run_;
};

/// What became of an attempt that was running when the tuner died.
enum class Recovery {
  finished,  ///< over; its reports and its result have been given to the reporter
  running,   ///< still going; the reporter will hear from it
  gone,      ///< nothing usable is left; the trial starts again as its next attempt
};

/// Runs trials; supplied by the host or one of the factories below.
///
/// A trial whose `until` is finite is to run up to that level and end there by itself, where it can
/// be told how far to run; where it cannot, the report that reaches the level is answered with
/// `pause` or `stop`, and the attempt is to end then. Either way the study knows what has become of
/// the trial: an attempt that ended at its `until` is paused where it may be resumed, else
/// completed.
///
/// The tuner calls every member from one thread. Reporters may be used from any thread, also before
/// `start` returns. An executor may throw from `open` (nothing can run: the tuner passes the error
/// on) and from `start` (becomes a failed attempt with the exception's words). Its destructor ends
/// what still runs and returns when nothing is left.
class TUNESMITH_API TrialExecutor {
 public:
  virtual ~TrialExecutor() = default;

  /// Called once, before anything else, by the tuner that will drive it.
  virtual void open(std::string_view study, const Problem& problem);
  /// How many attempts may run at once; ≥ 1. May change over time.
  virtual int capacity() = 0;
  /// Begins an attempt and returns without waiting for it. The handle is kept in the study's log
  /// and comes back in `recover`.
  virtual std::string start(const TrialRun& run, TrialReporter reporter) = 0;
  /// Asks an attempt to end: idempotent, may come late or for an unknown attempt. The reporter's
  /// `finish` follows when it has ended (with Outcome::stopped, unless it was over already).
  virtual void request_stop(const TrialRun& run) noexcept = 0;
  /// As request_stop, for an attempt whose trial may be resumed: by a later `start` with a higher
  /// TrialRun::attempt and `until`, and `reached` set. `finish` follows with Outcome::paused,
  /// unless it was over already. Default: request_stop; a `stopped` that follows is taken for
  /// paused.
  virtual void request_pause(const TrialRun& run) noexcept;
  /// Finds an attempt of an earlier session. Default: gone.
  virtual Recovery recover(const TrialRun& run, const std::string& handle, TrialReporter reporter);
  /// The trial is over and not among the best that are kept: what it left (models, checkpoints; not
  /// its log) may go.
  virtual void discard(TrialId trial) noexcept;
  /// The trial was paused and will never be resumed: its checkpoints may go. Default: nothing.
  virtual void retire(TrialId trial) noexcept;
  /// The tuner has nothing to do before it hears of a trial. An executor without threads or
  /// processes of its own (a simulation) tells its reporters here what comes next, one report or
  /// result, so that the tuner can act in between, and answers whether there was something.
  /// Default: false; the tuner then sleeps until a reporter is used.
  virtual bool advance();
  /// Where a person finds the trial's log, command or output; empty where there is nothing to look
  /// at.
  virtual std::string describe(TrialId trial);
};

/// An objective that runs inside the host's process. It reports through the reporter as it likes (a
/// `stop` answer asks it to return early) and returns the result; an exception becomes a failed
/// trial with its words.
using ObjectiveFunction =
    std::function<TrialResult(const TrialRun& run, const TrialReporter& reporter)>;

struct ThreadPoolOptions {
  /// Attempts at once, a thread each; 0: one per processor.
  int max_parallel = 1;
};
/// Calls `objective` on threads of its own. The function must be thread-safe when max_parallel > 1.
/// The destructor waits for running calls: it cannot end them.
TUNESMITH_API std::unique_ptr<TrialExecutor> thread_pool_executor(ObjectiveFunction objective,
                                                                  ThreadPoolOptions options = {});

}  // namespace tunesmith
