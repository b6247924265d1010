#include "tuner/sink.hpp"

#include <chrono>
#include <cmath>

#include "core/numbers.hpp"

namespace tunesmith {

bool TunerSink::call_study(const std::function<void()>& call) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    ++calls_;
  }
  std::exception_ptr error;
  try {
    call();
  } catch (...) {
    error = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  --calls_;
  if (error) {
    if (!error_) error_ = error;
    // What could not be recorded leaves a gap: the attempts stay open, for the next session to
    // harvest or run again.
    closed_ = true;
  }
  news_.notify_all();
  return true;
}

Decision TunerSink::report(const TrialRun& run, double resource, const Metrics& metrics) {
  if (!std::isfinite(resource)) {
    finish(run, {.outcome = Outcome::failed,
                 .reason = "it reported at resource level " + number_text(resource) +
                           "; levels are finite numbers"});
    return Decision::stop;
  }
  Decision decision = Decision::stop;
  if (!call_study([&] { decision = study_.report(run, resource, metrics); })) return decision;
  const std::lock_guard lock(mutex_);
  heard_ = has_news_ = true;
  news_.notify_all();
  return stopping_ ? Decision::stop : decision;
}

void TunerSink::finish(const TrialRun& run, const TrialResult& result) {
  TrialResult final_result = result;
  {
    const std::lock_guard lock(mutex_);
    if (preempt_ && result.outcome == Outcome::stopped) {
      final_result.outcome = Outcome::preempted;
      final_result.reason = "the tuner was interrupted";
    }
  }
  if (!call_study([&] { study_.tell(run, final_result); })) return;
  const std::lock_guard lock(mutex_);
  running_.erase({run.trial, run.attempt});
  if (final_result.outcome == Outcome::completed) heard_ = true;
  has_news_ = true;
  news_.notify_all();
}

void TunerSink::expect(const TrialRun& run) {
  const std::lock_guard lock(mutex_);
  running_.insert_or_assign({run.trial, run.attempt}, run);
}

std::vector<TrialRun> TunerSink::running() const {
  const std::lock_guard lock(mutex_);
  std::vector<TrialRun> runs;
  for (const auto& [key, run] : running_) runs.push_back(run);
  return runs;
}

std::size_t TunerSink::running_count() const {
  const std::lock_guard lock(mutex_);
  return running_.size();
}

bool TunerSink::awaits(const TrialRun& run) const {
  const std::lock_guard lock(mutex_);
  return running_.contains({run.trial, run.attempt});
}

bool TunerSink::works() const {
  const std::lock_guard lock(mutex_);
  return heard_;
}

void TunerSink::stop_all(bool preempt) {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  preempt_ = preempt_ || preempt;
}

bool TunerSink::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void TunerSink::close() {
  std::unique_lock lock(mutex_);
  closed_ = true;
  news_.wait(lock, [&] { return calls_ == 0; });
}

void TunerSink::wake() {
  const std::lock_guard lock(mutex_);
  has_news_ = true;
  news_.notify_all();
}

bool TunerSink::wait(Seconds timeout) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, timeout, [&] { return has_news_; });
  const bool news = std::exchange(has_news_, false);
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  return news;
}

}  // namespace tunesmith
