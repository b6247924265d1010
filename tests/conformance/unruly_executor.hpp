#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tunesmith/executor.hpp"

/// What an UnrulyExecutor does where it differs from a good one, whose trials complete inside
/// `start` with loss = x.
struct Behaviour {
  std::function<std::string(const tunesmith::TrialRun&, const tunesmith::TrialReporter&)> start =
      {};
  std::function<void(const tunesmith::TrialReporter&)> stop = {};
  std::function<tunesmith::Recovery(const tunesmith::TrialReporter&)> recover = {};
  std::function<int()> capacity = {};
  std::function<void()> open = {};
};

inline void complete(const tunesmith::TrialReporter& reporter) {
  reporter.report(1, {{"loss", reporter.run().configuration.number("x")}});
  reporter.finish({});
}

/// Calls back later, from threads of its own; the end waits for them.
class Later {
 public:
  Later() = default;
  Later(const Later&) = delete;
  Later& operator=(const Later&) = delete;
  ~Later() {
    for (std::thread& thread : threads_) thread.join();
  }
  void call(double seconds, std::function<void()> call) {
    const std::lock_guard lock(mutex_);
    threads_.emplace_back([seconds, call = std::move(call)] {
      std::this_thread::sleep_for(tunesmith::Seconds(seconds));
      call();
    });
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

class UnrulyExecutor final : public tunesmith::TrialExecutor {
 public:
  explicit UnrulyExecutor(Behaviour behaviour) : behaviour_(std::move(behaviour)) {}

  void open(std::string_view, const tunesmith::Problem&) override {
    if (behaviour_.open) behaviour_.open();
  }
  int capacity() override { return behaviour_.capacity ? behaviour_.capacity() : 2; }
  std::string start(const tunesmith::TrialRun& run, tunesmith::TrialReporter reporter) override {
    reporters_.push_back(reporter);
    if (behaviour_.start) return behaviour_.start(run, reporter);
    complete(reporter);
    return "handle";
  }
  void request_stop(const tunesmith::TrialRun& run) noexcept override {
    if (!behaviour_.stop) return;
    for (const tunesmith::TrialReporter& reporter : reporters_) {
      if (reporter.run().trial == run.trial && reporter.run().attempt == run.attempt) {
        behaviour_.stop(reporter);
      }
    }
  }
  tunesmith::Recovery recover(const tunesmith::TrialRun&, const std::string&,
                              tunesmith::TrialReporter reporter) override {
    reporters_.push_back(reporter);
    return behaviour_.recover ? behaviour_.recover(reporter) : tunesmith::Recovery::gone;
  }

 private:
  Behaviour behaviour_;
  std::vector<tunesmith::TrialReporter> reporters_;
};
