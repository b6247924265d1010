#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "study/suggestion_check.hpp"
#include "trial/fold.hpp"
#include "tunesmith/study.hpp"

namespace tunesmith {

/// Two locks: `state` guards the fold and is held for the time of an append at most; `suggesting`
/// makes asks wait for each other while a strategy computes. Whoever takes both takes `suggesting`
/// first. Members named *_locked need `state`.
struct Study::Impl {
  Impl(StudyOptions options, Problem the_problem, const OpenedStudy& opened);

  /// Takes an event into the fold and keeps it for the rules.
  void take_locked(StoredEvent stored);
  void log_continuation_locked() const;
  /// Where the log is empty.
  void record_parents_locked(const std::vector<StudyView>& parents);
  void catch_up_locked();
  AppendResult append_locked(std::vector<Event> events, const Precondition& precondition);
  /// As above, for events that nothing can keep out.
  void record_locked(Event event);

  /// Why no attempt may begin any more; empty: it may.
  std::string why_over_locked() const;
  /// Empty where an attempt or, without a trial that may go on, a new trial may begin.
  std::string why_spent_locked() const;
  std::optional<TrialId> preempted_locked() const;
  /// Opens the trial's next attempt; nothing where the precondition does not hold.
  std::optional<TrialRun> open_next_attempt_locked(TrialId trial, std::string why,
                                                   const Precondition& precondition);
  /// What comes before the strategy's: the baseline, or the next in line.
  std::optional<SuggestionRecord> waiting_configuration_locked() const;
  TrialRun run_locked(TrialId id) const;
  /// What the strategy proposes is recorded, and the trial that is to be run answered. Nothing:
  /// ask again. `lock` is given up while the strategy computes.
  std::optional<Asked> ask_strategy(std::unique_lock<std::mutex>& lock,
                                    const Precondition& unchanged);
  /// Checks the suggestions and puts them into events, up to the first that is to be run.
  std::vector<Event> suggestion_events(std::vector<Suggestion> suggestions, const StudyView& view,
                                       bool trials_spent);
  /// Why there is no trial, of a strategy that has nothing that may begin.
  Asked nothing_left_locked();
  void retire_paused_locked(const std::string& why);

  enum class Actor { rule, strategy };
  /// Feeds the rules, and the strategy unless it is busy, what is new; with `act`, their actions
  /// become requests in the log, which they read in their turn.
  void consult_locked(bool act = true);
  void consult_rules_locked(bool act);
  void feed_strategy_locked(bool act);
  void consult_clock_locked();
  /// `who` is the name of the rule or the strategy.
  void act_locked(Actor actor, const std::string& who, const Action& action);

  Asked ask();
  Decision report(const TrialRun& run, double resource, const Metrics& metrics);
  Told tell(const TrialRun& run, TrialResult result);
  /// Whether the trial has reported from its `until` or beyond.
  bool reached_locked(TrialId id) const;
  std::vector<Event> report_events_locked(const TrialRun& run, double resource,
                                          const Metrics& metrics) const;
  /// What the attempt's end means for a trial with an `until`, or one that was asked to pause;
  /// judges it, too.
  void settle_outcome_locked(const TrialRun& run, TrialResult& result) const;
  /// Turns completed into failed where an objective is missing or not finite.
  void judge_locked(const TrialRun& run, TrialResult& result) const;
  Told closed_locked(const TrialRun& run, Outcome outcome) const;

  std::string name;
  std::shared_ptr<SearchStrategy> strategy;
  std::vector<std::shared_ptr<StoppingRule>> rules;
  std::shared_ptr<Store> store;
  std::shared_ptr<const Clock> clock;
  LogSink log;
  StudyKey key;

  std::mutex suggesting;
  SuggestionCheck check_suggestion;

  mutable std::mutex state;
  StudyFold fold;
  /// Events that the rules have not been fed yet; always empty without rules.
  std::vector<StoredEvent> unread;
  /// Events that the strategy has not been fed yet; always empty where it follows none.
  std::vector<StoredEvent> strategy_unread;
  bool consulting = false;
  /// A strategy is at work and must not be called.
  bool strategy_busy = false;
  std::vector<TrialId> retired;
  /// This object's tuner is at work: time counts between events too.
  bool in_session = false;
};

}  // namespace tunesmith
