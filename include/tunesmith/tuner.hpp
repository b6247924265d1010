#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tunesmith/executor.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/study.hpp"

namespace tunesmith {

/// Why a tuner returned.
enum class EndReason {
  trials_spent,       ///< Budget::max_trials
  time_spent,         ///< Budget::max_time
  cost_spent,         ///< Budget::max_cost
  target_reached,     ///< Budget::target
  too_many_failures,  ///< Budget::max_failures_in_a_row, or every one of the first trials failed
  stopped_by_rule,    ///< a stopping rule called for the end, e.g. convergence
  exhausted,          ///< every configuration has been evaluated
  cancelled,          ///< cancel(), or a stop request in the log
};
/// JSON words: the enumerators' names.
TUNESMITH_API const char* to_string(EndReason reason) noexcept;

/// What a tuner shows while it works.
struct Progress {
  StudyView view;
  /// Time that the budgets leave, by the pace so far; none where nothing is known yet.
  std::optional<Seconds> time_left = {};
  /// A stop was asked for; running trials are coming to their end.
  bool stopping = false;
};

struct TunerOptions {
  /// Ends the search; recorded in the study. Without any limit the study's own budget holds;
  /// without that the tuner runs until the space is exhausted or it is cancelled.
  Budget budget = {};
  /// At most this many attempts at once, within the executor's capacity; 0: its capacity.
  int max_parallel = 0;
  /// Run one trial at a time until one has reported or completed, so that a mistake in the script
  /// does not fail in parallel. Only while the study has no completed trial.
  bool probe_first = true;
  /// While no trial has ever ended well, end early when this many of a session failed, or, where
  /// none has even reported, two in a row for the same reason (digits apart); 0: never.
  int max_first_failures = 5;
  /// Keep models and checkpoints of the best so many trials and discard the others' (their logs
  /// stay); 0: keep all.
  int keep_best = 0;
  /// Called from run()'s thread after news and at least every `progress_interval`. Must not call
  /// the tuner except cancel().
  std::function<void(const Progress&)> on_progress = {};
  Seconds progress_interval = Seconds(0.5);
  /// Called from run()'s thread with each notice that stopping rules give from now on, which is
  /// logged as a warning, too. As on_progress.
  std::function<void(const Notice&)> on_notice = {};
  LogSink log = {};
};

struct TUNESMITH_API TuningResult {
  EndReason reason = EndReason::cancelled;
  /// The reason in words, with numbers: "20 of 20 trials"; for too_many_failures also the last
  /// failures' words.
  std::string explanation = {};
  /// The study as it ended.
  StudyView view;

  /// A few lines: why it ended, the best trial with its configuration and metrics, the gain over
  /// the baseline, counts by state, the latest ten of the notices.
  std::string report() const;
};

/// A tuning job: runs a study's trials on an executor until its budget is spent.
///
///     tunesmith::Tuner tuner(study, tunesmith::thread_pool_executor(objective), {.budget =
///     {.max_trials = 50}}); tunesmith::TuningResult result = tuner.run();   // running the same
///     program again continues the study
///
/// Holds the study's lease while it runs: a second tuner on the same study gets Error{store_busy}
/// naming the holder.
class TUNESMITH_API Tuner {
 public:
  /// `study` must outlive the tuner.
  Tuner(Study& study, std::unique_ptr<TrialExecutor> executor, TunerOptions options = {});
  ~Tuner();

  /// Harvests or restarts what an earlier session left open, then asks, starts and tells until the
  /// budget is spent. On `cancel` running trials are asked to stop and waited for. Call once.
  /// Errors: Error from the study, the store or TrialExecutor::open; running trials are stopped
  /// first.
  TuningResult run();

  /// Ends run() soon: no new trials, running ones are stopped with their grace and are run again by
  /// the next session. From any thread, any number of times. Not from a signal handler.
  void cancel(std::string why = "cancelled");

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The shortest way: minimises (or maximises) a function of the configuration over a space, in this
/// thread, and returns the result. Each call is one trial; an exception from `objective` is a
/// failed trial.
TUNESMITH_API TuningResult tune(const std::function<double(const Configuration&)>& objective,
                                const Space& space, std::int64_t max_trials,
                                Goal goal = Goal::minimize, std::uint64_t seed = 0);

}  // namespace tunesmith
