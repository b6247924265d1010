#include <utility>

#include "study/budget_check.hpp"
#include "study/study_impl.hpp"
#include "tunesmith/instruction_set.hpp"

namespace tunesmith {
namespace {

/// Keeps the strategy from being fed while it computes.
class Busy {
 public:
  explicit Busy(bool& flag) : flag_(flag) { flag_ = true; }
  ~Busy() { flag_ = false; }
  Busy(const Busy&) = delete;
  Busy& operator=(const Busy&) = delete;

 private:
  bool& flag_;
};

}  // namespace

void Study::Impl::retire_paused_locked(const std::string& why) {
  std::vector<Event> events;
  if (fold.count(TrialState::paused) == 0) return;
  for (const TrialId id : fold.unfinished()) {
    if (fold.is_paused(id)) {
      events.push_back({.kind = EventKind::retired, .trial = id, .payload = why});
    }
  }
  // Whoever was quicker may have resumed one of them: then it is asked again.
  append_locked(std::move(events), Precondition::generation_is(fold.generation()));
}

Asked Study::Impl::nothing_left_locked() {
  if (fold.count(TrialState::running) > 0) return NothingNow::waiting;
  const std::string spent = why_no_more_trials(fold);
  retire_paused_locked(spent.empty() ? "the search is exhausted" : spent);
  return spent.empty() ? NothingNow::exhausted : NothingNow::budget_spent;
}

std::vector<Event> Study::Impl::suggestion_events(std::vector<Suggestion> suggestions,
                                                  const StudyView& view, bool trials_spent) {
  std::vector<Event> events;
  std::set<TrialId> retiring;
  for (Suggestion& chosen : suggestions) {
    check_suggestion(view, chosen, strategy->name());
    if (chosen.retire) {
      if (!retiring.insert(*chosen.retire).second) continue;
      events.push_back({.kind = EventKind::retired,
                        .trial = *chosen.retire,
                        .payload = strategy->name() + ": " + chosen.note});
      continue;
    }
    if (chosen.resume) {
      if (retiring.contains(*chosen.resume)) continue;
      const ResumptionRecord record = {.until = chosen.until,
                                       .resumable = chosen.resumable,
                                       .note = std::move(chosen.note),
                                       .state = std::move(chosen.state),
                                       .prefix = view.prefix(),
                                       .strategy = strategy->name(),
                                       .instruction_set = std::string(instruction_set())};
      events.push_back({.kind = EventKind::resumed,
                        .trial = *chosen.resume,
                        .attempt = view.trial(*chosen.resume).attempt + 1,
                        .payload = resumption_payload(record)});
      return events;
    }
    if (trials_spent) return events;
    const SuggestionRecord record = {.configuration = std::move(chosen.configuration),
                                     .until = chosen.until,
                                     .resumable = chosen.resumable,
                                     .replicate_of = chosen.replicate_of,
                                     .origin = Origin::strategy,
                                     .note = std::move(chosen.note),
                                     .state = std::move(chosen.state),
                                     .outlook = chosen.outlook,
                                     .prefix = view.prefix(),
                                     .strategy = strategy->name(),
                                     .instruction_set = std::string(instruction_set())};
    events.push_back({.kind = EventKind::suggested,
                      .trial = static_cast<TrialId>(view.size()),
                      .attempt = 1,
                      .payload = suggestion_payload(record)});
    return events;
  }
  return events;
}

std::optional<Asked> Study::Impl::ask_strategy(std::unique_lock<std::mutex>& lock,
                                               const Precondition& unchanged) {
  std::optional<StudyView> view = fold.snapshot();
  const std::int64_t running = fold.count(TrialState::running);
  const bool trials_spent = !why_no_more_trials(fold).empty();
  std::vector<Event> events;
  std::optional<AppendResult> appended;
  {
    const Busy busy(strategy_busy);
    lock.unlock();
    struct Relock {
      std::unique_lock<std::mutex>& lock;
      ~Relock() { lock.lock(); }
    };
    {
      const Relock relock{lock};
      events = suggestion_events(strategy->suggest(*view, 1), *view, trials_spent);
    }
    view.reset();  // or the trials that run would be copied when they next report
    if (!events.empty()) appended = append_locked(events, unchanged);
  }
  if (!appended) {
    catch_up_locked();
    const bool news =
        fold.generation() != unchanged.generation || fold.count(TrialState::running) != running;
    // What the strategy waits for may have come while it was asked: nobody would ask again.
    if (news) return {};
    return nothing_left_locked();
  }
  consult_locked();
  const bool runs = opens_attempt(events.back().kind);
  if (appended->status != AppendResult::Status::ok || !runs) return {};
  TrialRun run = run_locked(events.back().trial);
  // Another process may have gone on already: then the caller's attempt is closed again, as its
  // reports will tell it.
  run.attempt = events.back().attempt;
  return Asked(std::move(run));
}

}  // namespace tunesmith
