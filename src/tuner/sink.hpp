#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "tunesmith/executor.hpp"
#include "tunesmith/study.hpp"

namespace tunesmith {

/// Where executors' threads hand over to the tuner's: writes reports and results into the study at
/// once and wakes the tuner. Thread-safe. No lock is held while the study is called, so an executor
/// may finish a trial inside `start`.
class TunerSink final : public TrialSink {
 public:
  explicit TunerSink(Study& study) : study_(study) {}

  Decision report(const TrialRun& run, double resource, const Metrics& metrics) override;
  void finish(const TrialRun& run, const TrialResult& result) override;

  /// An attempt is about to begin (or goes on): its result is awaited.
  void expect(const TrialRun& run);
  /// The attempts whose results are awaited.
  std::vector<TrialRun> running() const;
  std::size_t running_count() const;
  bool awaits(const TrialRun& run) const;
  /// Whether any attempt has reported or completed since the sink was made.
  bool works() const;

  /// From now on reports answer `stop`. With `preempt`, attempts that end as stopped go on in the
  /// next session.
  void stop_all(bool preempt);
  bool stopping() const;
  /// Reports and results are dropped from now on: when it returns, none is on its way to the study
  /// any more. Not from inside a report.
  void close();

  /// Wakes the waiting tuner, from any thread.
  void wake();
  /// Sleeps until there is news or the timeout is over; whether there was news. Rethrows what the
  /// study threw at a reporter.
  bool wait(Seconds timeout);

 private:
  /// Calls the study, unless closed; false where it is. What the study throws ends the tuning.
  bool call_study(const std::function<void()>& call);

  Study& study_;
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::map<std::pair<TrialId, int>, TrialRun> running_;
  std::exception_ptr error_;
  bool has_news_ = false;
  bool heard_ = false;
  bool stopping_ = false;
  bool preempt_ = false;
  bool closed_ = false;
  int calls_ = 0;  ///< on their way to the study
};

}  // namespace tunesmith
