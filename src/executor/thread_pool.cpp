#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "tunesmith/error.hpp"
#include "tunesmith/executor.hpp"

namespace tunesmith {
namespace {

using Key = std::pair<TrialId, int>;

Key key_of(const TrialRun& run) { return {run.trial, run.attempt}; }

/// Stands between the objective and the tuner: a requested stop or pause becomes the answer to the
/// next report, and what was answered is known afterwards. A stop is stronger than a pause.
class StoppableSink final : public TrialSink {
 public:
  explicit StoppableSink(TrialReporter reporter) : reporter_(std::move(reporter)) {}

  Decision report(const TrialRun&, double resource, const Metrics& metrics) override {
    const Decision decision = reporter_.report(resource, metrics);
    const std::lock_guard lock(mutex_);
    ask_locked(decision);
    return asked_;
  }
  void finish(const TrialRun&, const TrialResult& result) override { reporter_.finish(result); }

  void ask(Decision decision) {
    const std::lock_guard lock(mutex_);
    ask_locked(decision);
  }
  Decision asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void ask_locked(Decision decision) {
    if (asked_ != Decision::stop && decision != Decision::keep_going) asked_ = decision;
  }

  TrialReporter reporter_;
  mutable std::mutex mutex_;
  Decision asked_ = Decision::keep_going;
};

class ThreadPoolExecutor final : public TrialExecutor {
 public:
  ThreadPoolExecutor(ObjectiveFunction objective, ThreadPoolOptions options)
      : objective_(std::move(objective)), threads_wanted_(options.max_parallel) {
    if (!objective_) throw Error(ErrorCode::invalid_argument, "there is no objective to call");
    if (threads_wanted_ < 0)
      throw Error(ErrorCode::invalid_argument, "max_parallel must not be negative");
    if (threads_wanted_ == 0)
      threads_wanted_ = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  }

  ~ThreadPoolExecutor() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      waiting_.clear();
      for (const auto& [key, sink] : running_) sink->ask(Decision::stop);
    }
    work_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  int capacity() override { return threads_wanted_; }

  std::string start(const TrialRun& run, TrialReporter reporter) override {
    const std::lock_guard lock(mutex_);
    auto sink = std::make_shared<StoppableSink>(std::move(reporter));
    waiting_.push_back({run, sink});
    running_.insert_or_assign(key_of(run), std::move(sink));
    // As many as there is work for.
    if (running_.size() > threads_.size() &&
        threads_.size() < static_cast<std::size_t>(threads_wanted_))
      threads_.emplace_back([this] { serve(); });
    work_.notify_one();
    return {};
  }

  void request_stop(const TrialRun& run) noexcept override { ask(run, Decision::stop); }
  void request_pause(const TrialRun& run) noexcept override { ask(run, Decision::pause); }

 private:
  using SinkPointer = std::shared_ptr<StoppableSink>;

  void ask(const TrialRun& run, Decision decision) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(key_of(run));
    if (found != running_.end()) found->second->ask(decision);
  }

  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      work_.wait(lock, [&] { return closing_ || !waiting_.empty(); });
      if (closing_) return;
      const auto [run, sink] = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      const TrialResult result = call(run, sink);
      lock.lock();
      const bool current = running_.contains(key_of(run)) && running_.at(key_of(run)) == sink;
      if (current) running_.erase(key_of(run));
      lock.unlock();
      sink->finish(run, result);
      lock.lock();
    }
  }

  TrialResult call(const TrialRun& run, const SinkPointer& sink) {
    switch (sink->asked()) {
      case Decision::stop:
        return {.outcome = Outcome::stopped, .reason = "stopped before it began"};
      case Decision::pause:
        return {.outcome = Outcome::paused, .reason = "paused before it began"};
      case Decision::keep_going:
        break;
    }
    try {
      TrialResult result = objective_(run, TrialReporter(sink, run));
      const Decision asked = sink->asked();
      if (result.outcome == Outcome::completed && asked != Decision::keep_going) {
        const bool pause = asked == Decision::pause;
        result.outcome = pause ? Outcome::paused : Outcome::stopped;
        result.reason = pause ? "paused on request" : "stopped on request";
      }
      return result;
    } catch (const std::exception& error) {
      return {.outcome = Outcome::failed, .reason = error.what()};
    } catch (...) {
      return {.outcome = Outcome::failed,
              .reason = "the objective threw something that is no std::exception"};
    }
  }

  ObjectiveFunction objective_;
  int threads_wanted_;
  std::mutex mutex_;
  std::condition_variable work_;
  bool closing_ = false;
  std::deque<std::pair<TrialRun, SinkPointer>> waiting_;
  std::map<Key, SinkPointer> running_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<TrialExecutor> thread_pool_executor(ObjectiveFunction objective,
                                                    ThreadPoolOptions options) {
  return std::make_unique<ThreadPoolExecutor>(std::move(objective), options);
}

}  // namespace tunesmith
