#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tunesmith/executor.hpp"

namespace tunesmith {

/// What a FakeExecutor was told, shared with the test because the tuner owns (and ends) the
/// executor.
struct FakeLog {
  std::mutex mutex;
  std::vector<TrialRun> started;
  std::vector<TrialRun> stopped;
  std::vector<TrialRun> recovered;
  std::set<TrialId> discarded;
  std::size_t most_at_once = 0;
};

/// An executor whose behaviour is given by functions; by default every trial completes at once with
/// loss = x.
class FakeExecutor final : public TrialExecutor {
 public:
  explicit FakeExecutor(std::shared_ptr<FakeLog> log, int capacity = 1);
  ~FakeExecutor() override;

  /// Called inside `start`; what it leaves open runs until finish_later or request_stop.
  std::function<void(const TrialRun&, TrialReporter)> on_start;
  std::function<Recovery(const TrialRun&, const std::string&, TrialReporter)> on_recover;

  /// Ends the attempt from another thread after `delay`.
  void finish_later(TrialReporter reporter, TrialResult result, Seconds delay);

  int capacity() override { return capacity_; }
  std::string start(const TrialRun& run, TrialReporter reporter) override;
  void request_stop(const TrialRun& run) noexcept override;
  Recovery recover(const TrialRun& run, const std::string& handle, TrialReporter reporter) override;
  void discard(TrialId trial) noexcept override;

 private:
  std::shared_ptr<FakeLog> log_;
  int capacity_;
  std::mutex mutex_;
  std::map<TrialId, TrialReporter> open_;
  std::vector<std::thread> threads_;
};

}  // namespace tunesmith
