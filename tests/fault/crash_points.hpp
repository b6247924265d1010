// A store and an executor that end their process with SIGKILL at a named point of a tuning job:
// before and after every write and every start, by nothing but the library's own contracts.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tunesmith/executor.hpp"
#include "tunesmith/store.hpp"

namespace tunesmith::fault {

/// Every point is "before:<name>" or "after:<name>".
inline constexpr std::array point_names = {
    "open_study",       "lease",           "append:budget",    "append:session",
    "append:suggested", "append:started",  "append:reported",  "append:finished",
    "append:restarted", "release",         "executor.open",    "executor.start",
    "executor.report",  "executor.finish", "executor.recover", "executor.end"};
/// Those that only a job reaches whose trials are paused and resumed.
inline constexpr std::array promotion_point_names = {"append:resumed", "append:retired",
                                                     "executor.retire"};

/// Counts how often each point is reached, and dies at the chosen one. Thread-safe.
class CrashPoints {
 public:
  CrashPoints(std::string chosen, int occurrence)
      : chosen_(std::move(chosen)), occurrence_(occurrence) {}

  /// Dies before or after `work`, as chosen.
  template <typename Work>
  auto around(const std::string& name, Work work) {
    reach("before:" + name);
    struct Leave {
      ~Leave() { points.reach("after:" + name); }
      CrashPoints& points;
      const std::string& name;
    } leave{*this, name};
    return work();
  }

  void reach(const std::string& point) noexcept {
    const std::lock_guard lock(mutex_);
    if (point == chosen_ && ++reached_ == occurrence_) raise(SIGKILL);
  }

 private:
  const std::string chosen_;
  const int occurrence_;
  std::mutex mutex_;
  int reached_ = 0;
};

/// What the last event of an append is called.
inline const char* name_of(EventKind kind) {
  switch (kind) {
    case EventKind::parent:
      return "append:parent";
    case EventKind::budget:
      return "append:budget";
    case EventKind::session:
      return "append:session";
    case EventKind::enqueued:
      return "append:enqueued";
    case EventKind::suggested:
      return "append:suggested";
    case EventKind::restarted:
      return "append:restarted";
    case EventKind::started:
      return "append:started";
    case EventKind::reported:
      return "append:reported";
    case EventKind::measured:
    case EventKind::finished:
      return "append:finished";
    case EventKind::stop_requested:
      return "append:stop_requested";
    case EventKind::noticed:
      return "append:noticed";
    case EventKind::resumed:
      return "append:resumed";
    case EventKind::retired:
      return "append:retired";
    case EventKind::pause_requested:
      return "append:pause_requested";
  }
  return "append:unknown";
}

/// Passes everything on. What has been appended for good is written to the file `acknowledged`, a
/// line per suggestion
/// ("suggested <trial>") and per end ("finished <trial> <attempt> <outcome>"), before the caller
/// hears of it.
class CrashingStore final : public Store {
 public:
  CrashingStore(std::shared_ptr<Store> store, CrashPoints& points, const std::string& acknowledged)
      : store_(std::move(store)),
        points_(points),
        acknowledged_(open(acknowledged.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  }
  ~CrashingStore() override { close(acknowledged_); }

  OpenedStudy open_study(std::string_view name, std::string_view problem_json) override {
    return points_.around("open_study", [&] { return store_->open_study(name, problem_json); });
  }
  std::vector<StoredEvent> events_since(StudyKey study, Sequence after,
                                        std::size_t limit) override {
    return store_->events_since(study, after, limit);
  }
  AppendResult append(StudyKey study, std::span<const Event> events,
                      const Precondition& precondition) override {
    return points_.around(name_of(events.back().kind), [&] {
      const AppendResult result = store_->append(study, events, precondition);
      if (result.status == AppendResult::Status::ok) acknowledge(events.back());
      return result;
    });
  }
  LeaseResult lease(StudyKey study, std::string_view owner, Seconds ttl) override {
    return points_.around("lease", [&] { return store_->lease(study, owner, ttl); });
  }
  void release(StudyKey study, std::string_view owner) override {
    points_.around("release", [&] { store_->release(study, owner); });
  }
  void wait(StudyKey study, Sequence after, Seconds timeout) override {
    store_->wait(study, after, timeout);
  }
  std::vector<StudyInfo> list() override { return store_->list(); }
  void remove(StudyKey study) override { store_->remove(study); }

 private:
  void acknowledge(const Event& event) const {
    std::string line;
    if (event.kind == EventKind::suggested) line = "suggested " + std::to_string(event.trial);
    if (event.kind == EventKind::finished)
      line = "finished " + std::to_string(event.trial) + " " + std::to_string(event.attempt) + " " +
             to_string(static_cast<Outcome>(event.value));
    if (line.empty()) return;
    line += '\n';
    if (write(acknowledged_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      raise(SIGABRT);
  }

  std::shared_ptr<Store> store_;
  CrashPoints& points_;
  int acknowledged_;
};

class CrashingSink final : public TrialSink {
 public:
  CrashingSink(TrialReporter reporter, CrashPoints& points)
      : reporter_(std::move(reporter)), points_(points) {}
  Decision report(const TrialRun&, double resource, const Metrics& metrics) override {
    return points_.around("executor.report", [&] { return reporter_.report(resource, metrics); });
  }
  void finish(const TrialRun&, const TrialResult& result) override {
    points_.around("executor.finish", [&] { reporter_.finish(result); });
  }

 private:
  TrialReporter reporter_;
  CrashPoints& points_;
};

class CrashingExecutor final : public TrialExecutor {
 public:
  CrashingExecutor(std::unique_ptr<TrialExecutor> executor, CrashPoints& points)
      : executor_(std::move(executor)), points_(points) {}
  ~CrashingExecutor() override {
    points_.around("executor.end", [&] { executor_.reset(); });
  }

  void open(std::string_view study, const Problem& problem) override {
    points_.around("executor.open", [&] { executor_->open(study, problem); });
  }
  int capacity() override { return executor_->capacity(); }
  std::string start(const TrialRun& run, TrialReporter reporter) override {
    return points_.around("executor.start",
                          [&] { return executor_->start(run, watched(run, std::move(reporter))); });
  }
  void request_stop(const TrialRun& run) noexcept override { executor_->request_stop(run); }
  void request_pause(const TrialRun& run) noexcept override { executor_->request_pause(run); }
  Recovery recover(const TrialRun& run, const std::string& handle,
                   TrialReporter reporter) override {
    return points_.around("executor.recover", [&] {
      return executor_->recover(run, handle, watched(run, std::move(reporter)));
    });
  }
  void discard(TrialId trial) noexcept override { executor_->discard(trial); }
  void retire(TrialId trial) noexcept override {
    points_.around("executor.retire", [&] { executor_->retire(trial); });
  }
  std::string describe(TrialId trial) override { return executor_->describe(trial); }

 private:
  TrialReporter watched(const TrialRun& run, TrialReporter reporter) {
    const auto sink = std::make_shared<CrashingSink>(std::move(reporter), points_);
    sinks_[{run.trial, run.attempt}] = sink;
    return {sink, run};
  }

  // Outlive the executor, whose last reports come while it ends.
  std::map<std::pair<TrialId, int>, std::shared_ptr<CrashingSink>> sinks_;
  std::unique_ptr<TrialExecutor> executor_;
  CrashPoints& points_;
};

}  // namespace tunesmith::fault
