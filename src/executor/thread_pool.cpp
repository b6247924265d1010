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

/// Stands between the objective and the tuner: a requested stop becomes the answer to the next
/// report, and what was answered is known afterwards.
class StoppableSink final : public TrialSink {
 public:
  explicit StoppableSink(TrialReporter reporter) : reporter_(std::move(reporter)) {}

  Decision report(const TrialRun&, double resource, const Metrics& metrics) override {
    const Decision decision = reporter_.report(resource, metrics);
    const std::lock_guard lock(mutex_);
    stop_ = stop_ || decision == Decision::stop;
    return stop_ ? Decision::stop : Decision::keep_going;
  }
  void finish(const TrialRun&, const TrialResult& result) override { reporter_.finish(result); }

  void stop() {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  bool stopped() const {
    const std::lock_guard lock(mutex_);
    return stop_;
  }

 private:
  TrialReporter reporter_;
  mutable std::mutex mutex_;
  bool stop_ = false;
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
      for (const auto& [key, sink] : running_) sink->stop();
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

  void request_stop(const TrialRun& run) noexcept override {
    const std::lock_guard lock(mutex_);
    const auto found = running_.find(key_of(run));
    if (found != running_.end()) found->second->stop();
  }

 private:
  using SinkPointer = std::shared_ptr<StoppableSink>;

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
    if (sink->stopped()) return {.outcome = Outcome::stopped, .reason = "stopped before it began"};
    try {
      TrialResult result = objective_(run, TrialReporter(sink, run));
      if (result.outcome == Outcome::completed && sink->stopped()) {
        result.outcome = Outcome::stopped;
        result.reason = "stopped on request";
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
