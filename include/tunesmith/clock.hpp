#pragma once

#include <chrono>
#include <memory>

#include "tunesmith/export.hpp"

namespace tunesmith {

/// Durations across the API, in seconds.
using Seconds = std::chrono::duration<double>;

/// Wall-clock moments, seconds since 1970-01-01 UTC. Only shown and added up, never used to order
/// events.
using Timestamp = double;

/// Source of time, injectable so that tests and simulations need not wait.
class TUNESMITH_API Clock {
 public:
  virtual ~Clock() = default;
  /// Seconds since an arbitrary start; never goes backwards.
  virtual Seconds monotonic() const = 0;
  /// Wall-clock time for display.
  virtual Timestamp wall() const = 0;
};

/// The machine's clocks. Thread-safe.
TUNESMITH_API std::shared_ptr<const Clock> system_clock();

}  // namespace tunesmith
