#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "tunesmith/clock.hpp"

namespace tunesmith::testing {

/// One thread that makes calls, so that a call which never comes back does not take its caller with
/// it. Used by one thread.
class CallThread {
 public:
  CallThread();
  /// Leaves the thread behind where a call has not come back.
  ~CallThread();
  CallThread(const CallThread&) = delete;
  CallThread& operator=(const CallThread&) = delete;

  /// Whether the call comes back within the limit; what it throws is thrown here. After a call that
  /// did not, no other is made.
  bool call(std::function<void()> call, Seconds limit);

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::thread thread_;
  bool hangs_ = false;
};

}  // namespace tunesmith::testing
