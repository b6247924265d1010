#include <cmath>
#include <string>

#include "trial/fold.hpp"

namespace tunesmith {
namespace {

constexpr int last_outcome = static_cast<int>(Outcome::paused);

}  // namespace

void StudyFold::fail(const StoredEvent& stored, const std::string& what) {
  const Event& event = stored.event;
  throw Error(ErrorCode::store_corrupt,
              "event " + std::to_string(stored.sequence) + " of the log (kind " +
                  std::to_string(static_cast<int>(event.kind)) + ", trial " +
                  std::to_string(event.trial) + ", attempt " + std::to_string(event.attempt) +
                  ") makes no sense: " + what);
}

void StudyFold::check(const StoredEvent& stored) const {
  const Event& event = stored.event;
  if (stored.sequence != now_->prefix + 1) {
    fail(stored, "it follows event " + std::to_string(now_->prefix));
  }
  const bool known = event.trial >= 0 && event.trial < static_cast<TrialId>(now_->trials.size());
  switch (event.kind) {
    case EventKind::budget:
    case EventKind::session:
    case EventKind::enqueued:
      break;
    case EventKind::parent:
      if (!now_->trials.empty()) fail(stored, "earlier studies come before the first trial");
      break;
    case EventKind::suggested:
      if (event.trial != static_cast<TrialId>(now_->trials.size()) || event.attempt != 1) {
        fail(stored, "the next trial is number " + std::to_string(now_->trials.size()));
      }
      break;
    case EventKind::restarted:
    case EventKind::resumed:
      if (!is_unfinished(event.trial)) fail(stored, "the trial is not unfinished");
      if (is_paused(event.trial) != (event.kind == EventKind::resumed)) {
        fail(stored, is_paused(event.trial) ? "the trial is paused" : "the trial is not paused");
      }
      if (event.attempt != trial(event.trial).attempt + 1) {
        fail(stored, "the last attempt was " + std::to_string(trial(event.trial).attempt));
      }
      break;
    case EventKind::retired:
      if (!is_paused(event.trial)) fail(stored, "the trial is not paused");
      break;
    case EventKind::pause_requested:
      if (!known) fail(stored, "there is no such trial");
      break;
    case EventKind::started:
    case EventKind::reported:
    case EventKind::measured:
    case EventKind::finished:
      if (!is_open(event.trial, event.attempt)) fail(stored, "the attempt is not open");
      break;
    case EventKind::stop_requested:
    case EventKind::noticed:
      if (!known && event.trial != -1) fail(stored, "there is no such trial");
      break;
    default:
      fail(stored, "its kind is unknown; a newer version of tunesmith may have written it");
  }
  if (event.kind == EventKind::reported && !std::isfinite(event.resource)) {
    fail(stored, "its resource level is not finite");
  }
  if (event.kind == EventKind::finished && !(event.value >= 0 && event.value <= last_outcome &&
                                             event.value == std::floor(event.value))) {
    fail(stored, "its outcome is unknown");
  }
  const bool completes_measurement =
      event.trial == measured_trial_ &&
      (event.kind == EventKind::measured || event.kind == EventKind::finished);
  if (measured_trial_ >= 0 && !completes_measurement) {
    fail(stored, "it parts the final metrics of a trial from its end");
  }
}

}  // namespace tunesmith
