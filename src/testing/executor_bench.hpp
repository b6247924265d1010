#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "testing/call_thread.hpp"
#include "testing/checks.hpp"

namespace tunesmith::testing {

using AttemptKey = std::pair<TrialId, int>;

/// Stands for the tuner: keeps what an executor says, in the order it is said.
class ListeningSink final : public TrialSink {
 public:
  struct Heard {
    std::vector<Report> reports = {};
    std::vector<TrialResult> results = {};
    int reports_after_the_end = 0;
  };

  Decision report(const TrialRun& run, double resource, const Metrics& metrics) override;
  void finish(const TrialRun& run, const TrialResult& result) override;

  /// From now on reports of the attempt are answered so.
  void answer(AttemptKey attempt, Decision decision);
  /// Waits until what was heard of the attempt is enough, at most `limit`; then what was heard.
  Heard heard(AttemptKey attempt, Seconds limit, const std::function<bool(const Heard&)>& enough);
  Heard heard(AttemptKey attempt) {
    return heard(attempt, Seconds(0), [](const Heard&) { return true; });
  }
  std::vector<AttemptKey> attempts() const;
  /// Reports and results of all attempts.
  std::size_t messages() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable news_;
  std::map<AttemptKey, Heard> heard_;
  std::map<AttemptKey, Decision> answers_;
};

/// An executor under test, its sink, and calls that do not wait for ever. What hangs is left behind
/// and ends the check by an exception.
class ExecutorBench {
 public:
  ExecutorBench(Checks& checks, const ExecutorKit& kit, int capacity);
  ExecutorBench(Checks& checks, Seconds patience,
                std::function<std::unique_ptr<TrialExecutor>()> make);
  ExecutorBench(const ExecutorBench&) = delete;
  ExecutorBench& operator=(const ExecutorBench&) = delete;
  ~ExecutorBench();

  TrialRun run(const std::string& behaviour, int levels = 1);
  /// A further attempt at a trial.
  static TrialRun next_attempt(TrialRun run);
  /// Its handle.
  std::string start(const TrialRun& run);
  void request_stop(const TrialRun& run);
  void request_pause(const TrialRun& run);
  Recovery recover(const TrialRun& run, const std::string& handle);
  /// Destroys the executor.
  void end();
  void forget_sink() { sink_.reset(); }

  ListeningSink& sink() { return *sink_; }
  TrialExecutor& executor() { return *executor_; }

  /// Waits for the attempt's end; nothing where it does not come, which is noted.
  std::optional<TrialResult> result(const TrialRun& run);
  /// Waits for its first report; false where it does not come, which is noted.
  bool reports(const TrialRun& run);

 private:
  /// Lets the executor advance until enough was heard of the attempt, or the patience ends.
  ListeningSink::Heard await(const TrialRun& run,
                             const std::function<bool(const ListeningSink::Heard&)>& enough);
  void in_time(const std::string& what, const std::function<void()>& call);

  Checks& checks_;
  Seconds patience_;
  std::shared_ptr<ListeningSink> sink_ = std::make_shared<ListeningSink>();
  std::shared_ptr<TrialExecutor> executor_;
  TrialId next_trial_ = 0;
  CallThread caller_;
};

inline AttemptKey key_of(const TrialRun& run) { return {run.trial, run.attempt}; }
/// For messages: "attempt 1 of trial 3 (wait)".
std::string name_of(const TrialRun& run);

}  // namespace tunesmith::testing
