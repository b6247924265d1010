#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "tunesmith/executor.hpp"

namespace tunesmith::testing {

/// Stands for the tuner: keeps what an executor says.
class RecordingSink final : public TrialSink {
 public:
  Decision report(const TrialRun& run, double resource, const Metrics& metrics) override {
    if (on_report) on_report(run.trial);
    const std::lock_guard lock(mutex_);
    reports_[run.trial].push_back({resource, metrics});
    news_.notify_all();
    return answer_;
  }

  void finish(const TrialRun& run, const TrialResult& result) override {
    const std::lock_guard lock(mutex_);
    results_[run.trial].push_back(result);
    news_.notify_all();
  }

  /// Called first in each report; may take its time.
  std::function<void(TrialId)> on_report = {};

  void answer_with(Decision decision) {
    const std::lock_guard lock(mutex_);
    answer_ = decision;
  }

  /// The result of a trial, waited for; failing after a minute says that something hangs.
  TrialResult result(TrialId trial) {
    std::unique_lock lock(mutex_);
    const bool there =
        news_.wait_for(lock, std::chrono::minutes(1), [&] { return results_.contains(trial); });
    if (!there) return {.outcome = Outcome::lost, .reason = "the test waited for nothing"};
    return results_[trial].front();
  }

  /// Waits until the trial has reported so many times.
  std::vector<Report> reports(TrialId trial, std::size_t at_least = 0) {
    std::unique_lock lock(mutex_);
    news_.wait_for(lock, std::chrono::minutes(1),
                   [&] { return reports_[trial].size() >= at_least; });
    return reports_[trial];
  }

  std::size_t results_of(TrialId trial) {
    const std::lock_guard lock(mutex_);
    return results_.contains(trial) ? results_[trial].size() : 0;
  }

 private:
  std::mutex mutex_;
  std::condition_variable news_;
  Decision answer_ = Decision::keep_going;
  std::map<TrialId, std::vector<Report>> reports_;
  std::map<TrialId, std::vector<TrialResult>> results_;
};

}  // namespace tunesmith::testing
