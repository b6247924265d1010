#pragma once

#include <functional>
#include <memory>

namespace tunesmith::cli {

/// Turns SIGINT, SIGTERM and SIGHUP into calls of `on_signal(number, how many so far)` on a thread
/// of its own, for as long as it lives. One object at a time. A SIGHUP that is ignored (nohup)
/// stays so.
class Interrupts {
 public:
  explicit Interrupts(std::function<void(int signal, int count)> on_signal);
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Signals received so far.
  int count() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tunesmith::cli
