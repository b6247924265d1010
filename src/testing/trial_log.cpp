#include "testing/trial_log.hpp"

#include "trial/event_json.hpp"

namespace tunesmith::testing {

TrialLog::TrialLog(Problem problem, const std::vector<ParentStudy>& parents)
    : fold_(std::move(problem)) {
  for (const ParentStudy& parent : parents)
    write({.kind = EventKind::parent, .payload = parent_payload(parent)});
}

void TrialLog::write(Event event) {
  event.time = static_cast<Timestamp>(events_.size());
  events_.push_back({static_cast<Sequence>(events_.size() + 1), std::move(event)});
  fold_.apply(events_.back());
}

TrialId TrialLog::add(const Suggestion& suggestion, Origin origin) {
  if (origin == Origin::enqueued) {
    write({.kind = EventKind::enqueued,
           .payload = queued_payload({.configuration = suggestion.configuration})});
  }
  const auto trial = static_cast<TrialId>(fold_.size());
  const SuggestionRecord record = {.configuration = suggestion.configuration,
                                   .until = suggestion.until,
                                   .resumable = suggestion.resumable,
                                   .replicate_of = suggestion.replicate_of,
                                   .origin = origin,
                                   .note = suggestion.note,
                                   .state = suggestion.state,
                                   .outlook = suggestion.outlook,
                                   .prefix = fold_.prefix()};
  write({.kind = EventKind::suggested,
         .trial = trial,
         .attempt = 1,
         .payload = suggestion_payload(record)});
  return trial;
}

void TrialLog::report(TrialId trial, double level, const Metrics& metrics) {
  for (const auto& [metric, value] : metrics) {
    write({.kind = EventKind::reported,
           .trial = trial,
           .attempt = fold_.trial(trial).attempt,
           .resource = level,
           .value = value,
           .metric = metric});
  }
}

void TrialLog::end(TrialId trial, Outcome outcome, const Metrics& metrics) {
  const int attempt = fold_.trial(trial).attempt;
  for (const auto& [metric, value] : metrics) {
    write({.kind = EventKind::measured,
           .trial = trial,
           .attempt = attempt,
           .value = value,
           .metric = metric});
  }
  write({.kind = EventKind::finished,
         .trial = trial,
         .attempt = attempt,
         .value = static_cast<double>(outcome),
         .payload = outcome == Outcome::completed ? "" : "for the kit"});
}

void TrialLog::restart(TrialId trial) {
  write({.kind = EventKind::restarted,
         .trial = trial,
         .attempt = fold_.trial(trial).attempt + 1,
         .payload = "for the kit"});
}

void TrialLog::start(TrialId trial) {
  write({.kind = EventKind::started,
         .trial = trial,
         .attempt = fold_.trial(trial).attempt,
         .payload = "handle"});
}

void TrialLog::request_stop(TrialId trial) {
  write({.kind = EventKind::stop_requested, .trial = trial, .payload = "for the kit"});
}

void TrialLog::begin_session() {
  write({.kind = EventKind::session, .payload = session_payload("the kit")});
}

void TrialLog::set_budget(const Budget& budget) {
  write({.kind = EventKind::budget, .payload = budget_payload(budget)});
}

}  // namespace tunesmith::testing
