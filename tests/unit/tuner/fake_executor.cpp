#include "fake_executor.hpp"

#include <algorithm>
#include <utility>

namespace tunesmith {

FakeExecutor::FakeExecutor(std::shared_ptr<FakeLog> log, int capacity)
    : log_(std::move(log)), capacity_(capacity) {
  on_start = [](const TrialRun& run, const TrialReporter& reporter) {
    reporter.report(1, {{"loss", run.configuration.number("x")}});
    reporter.finish({});
  };
}

FakeExecutor::~FakeExecutor() {
  for (std::thread& thread : threads_) thread.join();
}

void FakeExecutor::finish_later(TrialReporter reporter, TrialResult result, Seconds delay) {
  threads_.emplace_back([this, reporter = std::move(reporter), result = std::move(result), delay] {
    std::this_thread::sleep_for(delay);
    {
      const std::lock_guard lock(mutex_);
      open_.erase(reporter.run().trial);
    }
    reporter.finish(result);
  });
}

std::string FakeExecutor::start(const TrialRun& run, TrialReporter reporter) {
  {
    const std::lock_guard lock(log_->mutex);
    log_->started.push_back(run);
  }
  {
    const std::lock_guard lock(mutex_);
    open_.insert_or_assign(run.trial, reporter);
    log_->most_at_once = std::max(log_->most_at_once, open_.size());
  }
  on_start(run, std::move(reporter));
  return "handle of " + std::to_string(run.trial);
}

void FakeExecutor::request_stop(const TrialRun& run) noexcept {
  {
    const std::lock_guard lock(log_->mutex);
    log_->stopped.push_back(run);
  }
  std::unique_lock lock(mutex_);
  const auto found = open_.find(run.trial);
  if (found == open_.end()) return;
  const TrialReporter reporter = found->second;
  open_.erase(found);
  lock.unlock();
  reporter.finish({.outcome = Outcome::stopped, .reason = "asked to stop"});
}

Recovery FakeExecutor::recover(const TrialRun& run, const std::string& handle,
                               TrialReporter reporter) {
  {
    const std::lock_guard lock(log_->mutex);
    log_->recovered.push_back(run);
  }
  return on_recover ? on_recover(run, handle, std::move(reporter)) : Recovery::gone;
}

void FakeExecutor::discard(TrialId trial) noexcept {
  const std::lock_guard lock(log_->mutex);
  log_->discarded.insert(trial);
}

}  // namespace tunesmith
