#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tunesmith/clock.hpp"
#include "tunesmith/configuration.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/problem.hpp"

namespace tunesmith {

/// Number of a trial within its study, counted from 0 without gaps.
using TrialId = std::int64_t;

/// Position of an event in a study's log, counted from 1; 0 is "before the first".
using Sequence = std::int64_t;

/// Values of metrics by name. NaN and infinities are kept as they were reported.
using Metrics = std::map<std::string, double>;

/// How an attempt at a trial ended.
enum class Outcome {
  completed,   ///< ran to its end
  stopped,     ///< ended early on purpose; what it reported counts
  failed,      ///< crashed, timed out, or gave no finite objective
  infeasible,  ///< the configuration cannot be evaluated, says the host
  lost,        ///< its worker vanished
  preempted,   ///< its machine was taken away; the trial goes on as the next attempt
  paused,      ///< ended on request, or where it was to run to, and can be resumed from there
};
TUNESMITH_API const char* to_string(Outcome outcome) noexcept;

/// `running`: an attempt is open. `preempted`: no attempt is open, the trial goes on with the next
/// ask. `paused`: no attempt is open; the strategy may resume the trial, and what it reported
/// counts once it is final. The others are final.
enum class TrialState { running, preempted, completed, stopped, failed, infeasible, lost, paused };
TUNESMITH_API const char* to_string(TrialState state) noexcept;
/// Everything but running, preempted and paused.
TUNESMITH_API bool is_final(TrialState state) noexcept;

/// Who chose the configuration.
enum class Origin { strategy, enqueued, baseline };
TUNESMITH_API const char* to_string(Origin origin) noexcept;

/// The metrics of a trial at one resource level.
using Report = MetricReport;

/// Stands for "no resource limit": the trial runs to its own end.
inline constexpr double run_to_end = std::numeric_limits<double>::infinity();

/// What a strategy's model expects still to be gained, when it made a suggestion. All in the
/// objective's own unit and ≥ 0; to first order around the best trial, so that they become exact as
/// they become small.
struct Outlook {
  /// Largest expected improvement over the best so far, times the probability of being feasible,
  /// that a configuration was found to promise.
  double expected_gain = 0;
  /// By how much the best configuration anywhere may plausibly beat the best trial: the highest
  /// upper confidence bound minus the best lower one of a trial (Makarova et al., "Automatic
  /// termination for hyperparameter optimization", AutoML 2022), from a sample of the space.
  double regret_bound = 0;
  /// Standard deviation of the objective when one configuration is evaluated again.
  double noise = 0;
  bool operator==(const Outlook&) const = default;
};

/// One evaluation of a configuration. A snapshot: it does not change under its reader.
struct Trial {
  TrialId id = 0;
  Configuration configuration = {};
  TrialState state = TrialState::running;
  Origin origin = Origin::strategy;
  /// Attempts so far, the open one included; 1 unless it was preempted or resumed or its tuner
  /// died.
  int attempt = 1;
  /// Reports of all attempts by rising level; a level that was reported again holds the latest
  /// value.
  std::vector<Report> reports = {};
  /// The metrics that count: what `tell` was given, else the level that the problem's final rule
  /// picks. Empty until it is final and where nothing was measured.
  Metrics metrics = {};
  /// Resource level up to which it is to run; moves up when it is resumed.
  double until = run_to_end;
  /// Whether it is paused there instead of over.
  bool resumable = false;
  /// Set where this is an explicit repetition of another trial's configuration.
  std::optional<TrialId> replicate_of = {};
  /// Why this configuration, in the strategy's words.
  std::string note = {};
  /// What the strategy wants to remember of this suggestion, e.g. fitted hyperparameters; opaque.
  std::string strategy_state = {};
  /// Where the strategy has a model that tells.
  std::optional<Outlook> outlook = {};
  /// Length of the log from which the strategy computed it: recomputing from that prefix gives the
  /// same suggestion, with the same instruction set.
  Sequence prefix = 0;
  /// Name of the strategy and the instruction set in use (instruction_set.hpp): what a replay
  /// elsewhere is to pin. Empty where no strategy chose; the latter also in logs that do not say.
  std::string strategy = {};
  std::string instruction_set = {};
  /// Why it ended as it did, e.g. "exit status 1".
  std::string reason = {};
  /// What the executor returned at start, for finding the work again after a crash.
  std::string handle = {};
  /// When the first attempt opened and when the last one ended; 0 while running.
  /// When the last attempt began.
  Timestamp started = 0;
  Timestamp ended = 0;
  /// Seconds that its attempts took that ended in a pause and were resumed.
  double earlier_seconds = 0;
};

/// One attempt at a trial, as handed to whoever runs it.
struct TrialRun {
  TrialId trial = 0;
  int attempt = 1;
  Configuration configuration = {};
  double until = run_to_end;
  /// The highest level that earlier attempts reported; none: it begins at the beginning.
  std::optional<double> reached = {};
};

/// What ends a study's search for more trials. Part of the log: it may be changed while the study
/// runs or later.
struct Budget {
  /// Trials in all, however they end; a resumed one counts once.
  std::optional<std::int64_t> max_trials = {};
  /// Time during which a tuner was at work, over all its sessions.
  std::optional<Seconds> max_time = {};
  /// Stop once the (first) objective is this good or better.
  std::optional<double> target = {};
  /// Failed trials of a session since the last one that did not fail, in order of ending.
  std::optional<int> max_failures_in_a_row = {};
  /// Sum of what the ended trials cost, in the unit of Problem::cost, which must say something.
  /// Trials that run when it is reached are run to their end.
  std::optional<double> max_cost = {};
  bool operator==(const Budget&) const = default;
};

/// What one event of a study's log says. The comment names the fields it uses beside kind and time.
enum class EventKind : std::uint8_t {
  budget = 1,     ///< payload: the budget as JSON
  session = 2,    ///< a tuner began to work; payload: who (host, process), as JSON
  enqueued = 3,   ///< payload: {"configuration", "note", "replicate_of"}
  suggested = 4,  ///< trial (the new one), attempt 1 opens; payload: configuration and all that
                  ///< belongs to a suggestion
  restarted =
      5,  ///< trial, attempt (the new one, which opens; the one before is closed); payload: why
  started = 6,   ///< trial, attempt; payload: the executor's handle
  reported = 7,  ///< trial, attempt, resource, metric, value: one row per metric
  measured =
      8,  ///< trial, attempt, metric, value: final metrics given by tell; just before `finished`
  finished =
      9,  ///< trial, attempt, value: the Outcome as a number; the attempt closes; payload: reason
  stop_requested = 10,  ///< trial, or −1 for the whole study; value: 1 where a stopping rule asks,
                        ///< else 0; payload: reason
  parent = 11,   ///< before the first trial; payload: {"evaluations"} of an earlier study
  noticed = 12,  ///< trial, or −1 for the whole study; metric: who noticed; payload: what
  resumed = 13,  ///< trial (a paused one), attempt (the new one, which opens); payload: how far it
                 ///< is to run and all that belongs to a suggestion
  retired = 14,  ///< trial (a paused one, which is over); payload: why
  pause_requested = 15  ///< trial; payload: reason
};

/// A small typed record; stores keep the fields as columns.
struct Event {
  EventKind kind = EventKind::session;
  TrialId trial = -1;
  int attempt = 0;
  double resource = 0;
  double value = 0;
  Timestamp time = 0;
  std::string metric = {};
  std::string payload = {};
};

struct StoredEvent {
  Sequence sequence = 0;
  Event event = {};
};

/// Opens an attempt (suggested, restarted, resumed).
TUNESMITH_API bool opens_attempt(EventKind kind) noexcept;
/// Moves a study's generation, the number that compare-and-swap appends rely on: everything but
/// started, reported, measured, finished and noticed, so that reports never make a suggestion
/// stale.
TUNESMITH_API bool moves_generation(EventKind kind) noexcept;

/// What an earlier study found for a configuration, both put in the terms of the present one.
struct ParentEvaluation {
  /// One of the present space, a-priori constraints apart.
  Configuration configuration = {};
  /// One per present objective, in its sense: negated where the earlier study had the other goal.
  std::vector<double> values = {};
};

/// An earlier study that this one starts from.
struct ParentStudy {
  std::vector<ParentEvaluation> evaluations = {};
};

/// What a stopping rule wanted somebody to know.
struct Notice {
  /// −1: the whole study.
  TrialId trial = -1;
  /// The rule's name.
  std::string rule = {};
  std::string message = {};
  Timestamp time = 0;
};

/// An immutable picture of a study at one length of its log. Copies are cheap (shared); any thread
/// may read.
class TUNESMITH_API StudyView {
 public:
  struct Data;
  explicit StudyView(std::shared_ptr<const Data> data);

  const Problem& problem() const noexcept;
  const Budget& budget() const noexcept;
  /// Earlier studies whose evaluations were recorded when this one was created; never null, the
  /// same objects in all pictures of a study.
  const std::vector<std::shared_ptr<const ParentStudy>>& parents() const noexcept;
  /// Length of the log that this picture shows.
  Sequence prefix() const noexcept;

  /// Number of trials; ids run from 0 to size() − 1.
  std::size_t size() const noexcept;
  /// O(1). Precondition: 0 ≤ id < size().
  const Trial& trial(TrialId id) const;
  /// Number of trials in a state. O(1).
  std::int64_t count(TrialState state) const noexcept;

  /// The trial's value of objective `index`, where the trial is completed or stopped and the value
  /// measured and finite: what a failed trial reported is no observation. Not sign-flipped.
  std::optional<double> objective(const Trial& trial, std::size_t index = 0) const;
  /// Whether the trial is completed or stopped with finite objectives and keeps every outcome
  /// constraint.
  bool feasible(const Trial& trial) const;
  /// What an ended trial cost in all its attempts but those cut short, whatever its outcome; none
  /// where the problem names no cost or this trial's is unknown, not finite or not above 0.
  std::optional<double> cost(const Trial& trial) const;

  /// The trials that evaluate the same configuration on purpose: the one that was repeated first
  /// and its repetitions (Trial::replicate_of), by id; `id` is among them. O(their number) apart
  /// from a search.
  std::vector<TrialId> repetitions(TrialId id) const;
  /// The mean of objective `index` over the feasible ones of repetitions(id); nothing where none
  /// is. For a trial that was never repeated its own value.
  std::optional<double> mean_objective(TrialId id, std::size_t index = 0) const;

  /// The feasible trial with the best objective; of equals the earliest; O(1). With several
  /// objectives, the earliest trial of the front, at the cost of front(). A trial that was repeated
  /// counts once, as the earliest feasible of its repetitions and with their mean_objective():
  /// evaluating a configuration again makes its value surer, not luckier.
  std::optional<TrialId> best() const;
  /// The feasible trials that no other one beats: at least as good in every objective and better in
  /// one; by id. Repetitions count as in best(). O(n²) at worst.
  std::vector<TrialId> front() const;
  /// The trial of the problem's baseline, if there is one.
  std::optional<TrialId> baseline() const;
  /// How much better the best is than the baseline: the difference in the objective's own unit,
  /// positive where better; of means where they were repeated. None without baseline or best, or
  /// with several objectives.
  std::optional<double> gain() const;

  /// Configurations enqueued and not yet handed out.
  std::size_t queued() const noexcept;
  /// Failed trials of the present session since the last one that ended otherwise, in order of
  /// ending.
  int failures_in_a_row() const noexcept;
  /// Time during which a tuner was at work, over all its sessions, up to the last event.
  Seconds active_time() const noexcept;
  /// Sum of the known costs of all ended trials, and of paused ones so far. O(1).
  double total_cost() const noexcept;
  /// The reason given by the latest stop request for the whole study in the current session; none:
  /// go on.
  const std::optional<std::string>& stop_requested() const noexcept;
  /// Whether a stopping rule made that request.
  bool stopped_by_rule() const noexcept;
  /// Whether the trial was asked to stop, alone or with the whole study, in the current session.
  bool stop_requested(TrialId trial) const noexcept;
  /// Whether the strategy asked the trial's open attempt to pause.
  bool pause_requested(TrialId trial) const noexcept;
  /// What rules have noticed, in order; of a rule one notice per trial.
  const std::vector<Notice>& notices() const noexcept;

 private:
  std::shared_ptr<const Data> data_;
};

}  // namespace tunesmith
