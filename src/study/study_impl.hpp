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

  /// Empty where an attempt or, without a preempted trial, a new trial may begin.
  std::string why_spent_locked() const;
  std::optional<TrialId> preempted_locked() const;
  /// Opens the trial's next attempt; nothing where the precondition does not hold.
  std::optional<TrialRun> open_next_attempt_locked(TrialId trial, std::string why,
                                                   const Precondition& precondition);
  /// What comes before the strategy's: the baseline, or the next in line.
  std::optional<SuggestionRecord> waiting_configuration_locked() const;
  TrialRun run_locked(TrialId id) const;

  /// Feeds the rules what is new; with `act`, their actions become stop requests, which the rules
  /// read in their turn.
  void consult_rules_locked(bool act = true);
  void consult_clock_locked();
  void act_locked(const StoppingRule& rule, const Action& action);

  Asked ask();
  Decision report(const TrialRun& run, double resource, const Metrics& metrics);
  Told tell(const TrialRun& run, TrialResult result);
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
  mutable StudyFold fold;
  /// Events that the rules have not been fed yet; always empty without rules.
  std::vector<StoredEvent> unread;
  bool consulting = false;
  /// This object's tuner is at work: time counts between events too.
  bool in_session = false;
};

}  // namespace tunesmith
