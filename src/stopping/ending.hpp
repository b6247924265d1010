#pragma once

#include <optional>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// How the event ends a trial for good, as stopped where it retires it; nothing where it does not:
/// preempted and paused trials go on.
inline std::optional<Outcome> ending(const Event& event) {
  if (event.kind == EventKind::retired) return Outcome::stopped;
  if (event.kind != EventKind::finished) return std::nullopt;
  const auto outcome = static_cast<Outcome>(event.value);
  if (outcome == Outcome::preempted || outcome == Outcome::paused) return std::nullopt;
  return outcome;
}

}  // namespace tunesmith
