#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tunesmith/clock.hpp"
#include "tunesmith/executor.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/log.hpp"
#include "tunesmith/search.hpp"
#include "tunesmith/stopping.hpp"
#include "tunesmith/store.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

struct StudyOptions {
  /// Names the study inside its store. A second Study of the same name continues the first.
  std::string name = "study";
  Problem problem = {};
  /// Null: auto_search().
  std::shared_ptr<SearchStrategy> search = {};
  /// Judge running trials by what they report; each instance serves this study alone.
  std::vector<std::shared_ptr<StoppingRule>> stopping_rules = {};
  /// Null: open_store("memory:").
  std::shared_ptr<Store> store = {};
  /// Null: system_clock().
  std::shared_ptr<const Clock> clock = {};
  LogSink log = {};
  /// Earlier studies to start from, at most 5, of the same or another space. What they found
  /// becomes part of a new study's log (at most 3000 evaluations in all: the best quarter and an
  /// even spread over the rest), so that nobody needs them afterwards; a study that has begun
  /// ignores them. Parameters are matched by name: numbers are clipped to the range, evaluations
  /// with unknown choices are left out, and what an earlier study did not vary takes its value of
  /// the baseline, else the middle of its range. Objectives are matched by metric; where both
  /// studies have only one, whatever it is called. With several objectives the earlier fronts are
  /// tried first, and models learn from this study's trials alone.
  std::vector<StudyView> parents = {};
};

/// Why `ask` has no trial right now.
enum class NothingNow {
  waiting,       ///< the strategy waits for results of running trials: ask again after a tell
  exhausted,     ///< every configuration has been evaluated
  budget_spent,  ///< trials, time, target, failures in a row, or a stop request: see
                 ///< Study::why_spent
};
TUNESMITH_API const char* to_string(NothingNow reason) noexcept;

/// A trial to run, or why there is none: use it like a pointer.
class TUNESMITH_API Asked {
 public:
  Asked(TrialRun run) : run_(std::move(run)) {}
  Asked(NothingNow reason) : reason_(reason) {}

  explicit operator bool() const noexcept { return run_.has_value(); }
  const TrialRun& operator*() const& { return *run_; }
  /// A copy, so that nothing refers to an answer that is gone.
  TrialRun operator*() && { return *std::move(run_); }
  const TrialRun* operator->() const { return &*run_; }
  /// Precondition: no trial.
  NothingNow reason() const noexcept { return reason_; }

 private:
  std::optional<TrialRun> run_;
  NothingNow reason_ = NothingNow::waiting;
};

/// What became of a tell.
enum class Told {
  accepted,
  duplicate,  ///< this attempt had ended already with the same outcome
  fenced,     ///< the attempt is not the open one: superseded, or ended otherwise
};
TUNESMITH_API const char* to_string(Told told) noexcept;

/// A study: ask for trials, tell results, on an append-only log. No threads of its own.
///
///     tunesmith::Study study({.name = "mnist",
///                             .problem = {.space = space, .objectives = {{.metric = "loss"}}},
///                             .store = tunesmith::open_store("sqlite:mnist.db")});
///     while (auto run = study.ask()) study.tell(*run, train(run->configuration));
///     const auto view = study.view();
///     if (auto best = view.best()) use(view.trial(*best).configuration);
///
/// Every member is thread-safe. `report` and `tell` answer in O(log n) plus the store's write, also
/// while another thread's `ask` computes a suggestion. Opening the same name again continues where
/// the log ends; attempts that were open then are listed by `open_runs` and go on with `restart`
/// (Tuner does that by itself).
class TUNESMITH_API Study {
 public:
  /// Throws Error{invalid_problem} / {invalid_space} with every mistake; {study_mismatch} with a
  /// path per difference where the stored study has another problem; {invalid_argument} for more
  /// than 5 parents, or for one without an objective of this study; and what the store throws.
  /// O(events) for an existing study.
  explicit Study(StudyOptions options);
  ~Study();
  Study(Study&&) noexcept;
  Study& operator=(Study&&) noexcept;

  const std::string& name() const noexcept;
  const Problem& problem() const noexcept;
  Store& store() const noexcept;
  StudyKey key() const noexcept;
  /// What its events are timed by; lives as long as the study.
  const Clock& clock() const noexcept;

  /// The next trial: the baseline first, then what was enqueued, then what the strategy suggests
  /// (a new trial, or a paused one to resume: then with a higher `attempt`, and with `reached`); a
  /// preempted trial continues before all of these. Several threads may ask; their suggestions are
  /// made one after the other. Errors: what the strategy and the store throw, and
  /// Error{invalid_argument} naming a strategy that breaks its contract.
  Asked ask();

  /// Metrics of a running attempt at a resource level. Reports of an attempt that is not open are
  /// dropped, and answered with `stop`. A level may be reported again: the latest values hold; the
  /// same values once more are not recorded. Answers `stop` once a stop was requested for the trial
  /// or the study, by a stopping rule or anybody else, or the trial has come to its `until`;
  /// `pause` instead of the latter where the trial may be resumed, and where the strategy asks for
  /// it. Throws Error{invalid_argument} for a level that is not finite, and what stopping rules
  /// throw (the report is recorded all the same).
  Decision report(const TrialRun& run, double resource, const Metrics& metrics);

  /// Ends an attempt. Without `metrics` they come from the reports by the problem's final rule. A
  /// completed attempt whose objectives are missing or not finite counts as failed, with that
  /// reason. A trial that may be resumed is paused when an attempt completes or stops (or is
  /// preempted) at its `until`, also where it is told final metrics without a report from there:
  /// they count as the report. One that may not completes at its `until`, also where it was stopped
  /// because of it.
  Told tell(const TrialRun& run, const TrialResult& result);
  /// Completed, with the value of the only objective. Throws Error{invalid_argument} when there are
  /// several.
  Told tell(const TrialRun& run, double value);
  /// Completed, with all metrics.
  Told tell(const TrialRun& run, Metrics metrics);
  /// Failed, for the given reason.
  Told fail(const TrialRun& run, std::string reason);

  /// Puts a configuration in line before the strategy's; it is conformed to the space. Throws
  /// Error{invalid_space} with every mistake. Configurations evaluated before are allowed: the user
  /// has said so.
  void enqueue(const Configuration& configuration, std::string note = {});
  /// Puts an explicit repetition of a trial in line. Throws Error{invalid_argument} for an unknown
  /// trial.
  void replicate(TrialId trial, std::string note = {});

  /// Replaces the budget, where it differs; recorded. Throws Error{invalid_problem} with every
  /// mistake.
  void set_budget(const Budget& budget);
  /// Why `ask` says budget_spent, in words with the numbers ("20 of 20 trials"); empty where it
  /// would not.
  std::string why_spent() const;

  /// Marks the beginning of a session of a tuner: its time counts as active from here, and earlier
  /// stop requests are void.
  void begin_session(const std::string& who);
  /// Asks the study's tuner, whichever process it is in, to stop: one trial, or everything. Throws
  /// Error{invalid_argument} for an unknown trial.
  void request_stop(std::string reason, std::optional<TrialId> trial = {});

  /// Retires all paused trials: they end as stopped, with what they reported. `ask` does so itself
  /// when it finds the budget spent or the space exhausted, not when somebody asked for a stop; who
  /// ends a study otherwise calls this.
  void retire_paused(std::string why);
  /// Trials that were retired and not named by an earlier call, for whoever keeps checkpoints;
  /// after opening a study, all that it ever retired.
  std::vector<TrialId> take_retired();

  /// Attempts that are open in the log.
  std::vector<TrialRun> open_runs() const;
  /// Closes the open attempt of a trial and opens the next one. Throws Error{invalid_argument}
  /// where none is open.
  TrialRun restart(const TrialRun& run, std::string why);
  /// Records the executor's handle of an attempt; no effect where the attempt is not open.
  void started(const TrialRun& run, const std::string& handle);

  /// Reads what other processes have appended, and lets stopping rules look at the clock. Cheap
  /// when there is nothing. Throws what stopping rules throw.
  void refresh();

  /// A picture of now. O(1).
  StudyView view() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A picture of a stored study, for readers that drive nothing. Throws Error{invalid_argument} when
/// there is none of that name.
TUNESMITH_API StudyView read_study(Store& store, std::string_view name);

/// The picture that a strategy had: the log cut at `prefix`. For recomputing a suggestion.
TUNESMITH_API StudyView read_study(Store& store, std::string_view name, Sequence prefix);

}  // namespace tunesmith
