#include <algorithm>
#include <utility>

#include "study/budget_check.hpp"
#include "study/study_impl.hpp"

namespace tunesmith {

std::optional<TrialId> Study::Impl::preempted_locked() const {
  if (fold.count(TrialState::preempted) == 0) return {};
  for (const TrialId id : fold.unfinished()) {
    if (fold.trial(id).state == TrialState::preempted) return id;
  }
  return {};
}

std::string Study::Impl::why_over_locked() const {
  Seconds idle(0);
  if (in_session) idle = std::max(idle, Seconds(clock->wall() - fold.active_until()));
  return why_nothing_may_begin(fold, idle);
}

std::string Study::Impl::why_spent_locked() const {
  if (std::string why = why_over_locked(); !why.empty()) return why;
  return preempted_locked() || fold.may_resume() ? "" : why_no_more_trials(fold);
}

std::optional<TrialRun> Study::Impl::open_next_attempt_locked(TrialId trial, std::string why,
                                                              const Precondition& precondition) {
  const int attempt = fold.trial(trial).attempt + 1;
  const AppendResult result = append_locked({{.kind = EventKind::restarted,
                                              .trial = trial,
                                              .attempt = attempt,
                                              .payload = std::move(why)}},
                                            precondition);
  if (result.status != AppendResult::Status::ok) return {};
  TrialRun run = run_locked(trial);
  // Another process may have gone on already: then the caller's attempt is closed again, as its
  // reports will tell it.
  run.attempt = attempt;
  return run;
}

std::optional<SuggestionRecord> Study::Impl::waiting_configuration_locked() const {
  SuggestionRecord record;
  record.prefix = fold.prefix();
  if (fold.size() == 0 && fold.problem().baseline) {
    record.configuration = *fold.problem().baseline;
    record.origin = Origin::baseline;
    record.note = "the problem's baseline";
    return record;
  }
  if (fold.queue().empty()) return {};
  const QueuedConfiguration& next = fold.queue().front();
  record.configuration = next.configuration;
  record.origin = Origin::enqueued;
  record.note = next.note;
  record.replicate_of = next.replicate_of;
  return record;
}

Asked Study::Impl::ask() {
  const std::lock_guard turn(suggesting);
  for (;;) {
    std::unique_lock lock(state);
    catch_up_locked();
    if (const std::string why = why_spent_locked(); !why.empty()) {
      const bool for_good = !fold.stop_requested() || fold.stopped_by_rule();
      if (for_good && fold.count(TrialState::running) == 0) retire_paused_locked(why);
      return NothingNow::budget_spent;
    }
    const Precondition unchanged = Precondition::generation_is(fold.generation());
    if (const auto trial = preempted_locked()) {
      if (auto run =
              open_next_attempt_locked(*trial, "its last attempt was preempted", unchanged)) {
        return *run;
      }
      continue;
    }
    if (const auto record =
            why_no_more_trials(fold).empty() ? waiting_configuration_locked() : std::nullopt) {
      const auto trial = static_cast<TrialId>(fold.size());
      const AppendResult result = append_locked({{.kind = EventKind::suggested,
                                                  .trial = trial,
                                                  .attempt = 1,
                                                  .payload = suggestion_payload(*record)}},
                                                unchanged);
      if (result.status == AppendResult::Status::ok)
        return TrialRun{trial, 1, record->configuration, record->until};
    } else if (const auto asked = ask_strategy(lock, unchanged)) {
      return *asked;
    }
  }
}

}  // namespace tunesmith
