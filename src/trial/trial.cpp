#include "tunesmith/trial.hpp"

namespace tunesmith {

const char* to_string(Outcome outcome) noexcept {
  switch (outcome) {
    case Outcome::completed:
      return "completed";
    case Outcome::stopped:
      return "stopped";
    case Outcome::failed:
      return "failed";
    case Outcome::infeasible:
      return "infeasible";
    case Outcome::lost:
      return "lost";
    case Outcome::preempted:
      return "preempted";
    case Outcome::paused:
      return "paused";
  }
  return "unknown";
}

const char* to_string(TrialState state) noexcept {
  switch (state) {
    case TrialState::running:
      return "running";
    case TrialState::preempted:
      return "preempted";
    case TrialState::completed:
      return "completed";
    case TrialState::stopped:
      return "stopped";
    case TrialState::failed:
      return "failed";
    case TrialState::infeasible:
      return "infeasible";
    case TrialState::lost:
      return "lost";
    case TrialState::paused:
      return "paused";
  }
  return "unknown";
}

bool is_final(TrialState state) noexcept {
  return state != TrialState::running && state != TrialState::preempted &&
         state != TrialState::paused;
}

const char* to_string(Origin origin) noexcept {
  switch (origin) {
    case Origin::strategy:
      return "strategy";
    case Origin::enqueued:
      return "enqueued";
    case Origin::baseline:
      return "baseline";
  }
  return "unknown";
}

bool opens_attempt(EventKind kind) noexcept {
  return kind == EventKind::suggested || kind == EventKind::restarted || kind == EventKind::resumed;
}

bool moves_generation(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::started:
    case EventKind::reported:
    case EventKind::measured:
    case EventKind::finished:
    case EventKind::noticed:
      return false;
    default:
      return true;
  }
}

}  // namespace tunesmith
