#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "tunesmith/error.hpp"
#include "tunesmith/simulated_executor.hpp"

namespace tunesmith {
namespace {

using Key = std::pair<TrialId, int>;

Key key_of(const TrialRun& run) { return {run.trial, run.attempt}; }

/// Throws where the curve cannot be played.
SimulatedCurve checked(SimulatedCurve curve) {
  const auto refuse = [](const std::string& what) {
    throw Error(ErrorCode::invalid_argument, "the simulated curve " + what);
  };
  const SimulatedReport* before = nullptr;
  for (const SimulatedReport& report : curve.reports) {
    if (!std::isfinite(report.resource) || (before && report.resource <= before->resource))
      refuse("has levels that do not rise");
    const double least = before ? before->elapsed.count() : 0;
    if (!std::isfinite(report.elapsed.count()) || report.elapsed.count() < least)
      refuse("has times that are not finite or go back");
    before = &report;
  }
  if (!std::isfinite(curve.duration.count())) refuse("has a duration that is not finite");
  if (before && curve.duration < before->elapsed) curve.duration = before->elapsed;
  if (curve.duration < Seconds(0)) refuse("has a duration below 0");
  return curve;
}

class SimulatedExecutor final : public TrialExecutor {
 public:
  SimulatedExecutor(SimulatedObjective objective, std::shared_ptr<VirtualClock> clock,
                    SimulatedOptions options)
      : objective_(std::move(objective)), clock_(std::move(clock)), workers_(options.workers) {
    if (!objective_) throw Error(ErrorCode::invalid_argument, "there is no objective to simulate");
    if (!clock_) throw Error(ErrorCode::invalid_argument, "a simulation needs a clock");
    if (workers_ < 1)
      throw Error(ErrorCode::invalid_argument, "a simulation needs at least one worker");
  }

  int capacity() override { return workers_; }

  std::string start(const TrialRun& run, TrialReporter reporter) override {
    Attempt attempt{.reporter = std::move(reporter), .curve = curve_of(run)};
    if (run.reached) {
      const auto& reports = attempt.curve->reports;
      while (attempt.next < reports.size() && reports[attempt.next].resource <= *run.reached)
        ++attempt.next;
      if (attempt.next > 0) attempt.before = reports[attempt.next - 1].elapsed;
    }
    attempt.number = ++started_;
    attempt.began = clock_->monotonic();
    plan(running_.insert_or_assign(key_of(run), std::move(attempt)).first);
    return {};
  }

  void request_stop(const TrialRun& run) noexcept override {
    const auto found = running_.find(key_of(run));
    if (found == running_.end() || found->second.asked == Decision::stop) return;
    found->second.asked = Decision::stop;
    agenda_.erase(found->second.due);
    enter(found, clock_->monotonic());
  }

  void request_pause(const TrialRun& run) noexcept override {
    const auto found = running_.find(key_of(run));
    if (found == running_.end() || found->second.asked != Decision::keep_going) return;
    found->second.asked = Decision::pause;
    if (found->second.next < found->second.curve->reports.size()) return;
    // No report will come to pause at.
    agenda_.erase(found->second.due);
    enter(found, clock_->monotonic());
  }

  void discard(TrialId trial) noexcept override { curves_.erase(trial); }
  void retire(TrialId trial) noexcept override { curves_.erase(trial); }

  bool advance() override {
    if (agenda_.empty()) return false;
    const auto [due, key] = *agenda_.begin();
    agenda_.erase(agenda_.begin());
    clock_->advance_to(due.first);
    const auto found = running_.find(key);
    Attempt& attempt = found->second;
    if (attempt.asked == Decision::stop) {
      end(found, {.outcome = Outcome::stopped, .reason = "stopped on request"});
    } else if (attempt.next == attempt.curve->reports.size()) {
      end(found, attempt.asked == Decision::pause
                     ? TrialResult{.outcome = Outcome::paused, .reason = "paused on request"}
                     : attempt.curve->result);
    } else {
      report(found);
    }
    return true;
  }

 private:
  /// When, then the number of the attempt.
  using Due = std::pair<Seconds, std::uint64_t>;
  struct Attempt {
    TrialReporter reporter;
    std::shared_ptr<const SimulatedCurve> curve;
    std::size_t next = 0;  ///< of the curve's reports
    Seconds began{0};
    Seconds before{0};  ///< what the attempts before it have done of the curve
    std::uint64_t number = 0;
    Decision asked = Decision::keep_going;
    Due due = {};
  };
  using Running = std::map<Key, Attempt>;

  std::shared_ptr<const SimulatedCurve> curve_of(const TrialRun& run) {
    std::shared_ptr<const SimulatedCurve>& curve = curves_[run.trial];
    try {
      if (!curve)
        curve = std::make_shared<const SimulatedCurve>(checked(objective_(run.configuration)));
    } catch (...) {
      curves_.erase(run.trial);
      throw;
    }
    return curve;
  }

  void enter(Running::iterator at, Seconds moment) {
    at->second.due = {moment, at->second.number};
    agenda_.emplace(at->second.due, at->first);
  }

  void plan(Running::iterator at) {
    const Attempt& attempt = at->second;
    const SimulatedCurve& curve = *attempt.curve;
    const Seconds elapsed =
        attempt.next < curve.reports.size() ? curve.reports[attempt.next].elapsed : curve.duration;
    enter(at, attempt.began + (elapsed - attempt.before));
  }

  void report(Running::iterator at) {
    Attempt& attempt = at->second;
    const SimulatedReport& now = attempt.curve->reports[attempt.next++];
    Decision decision = attempt.reporter.report(now.resource, now.metrics);
    if (decision == Decision::keep_going) decision = attempt.asked;
    if (decision == Decision::stop) {
      end(at, {.outcome = Outcome::stopped, .reason = "stopped on request"});
    } else if (decision == Decision::pause) {
      end(at, {.outcome = Outcome::paused, .reason = "paused on request"});
    } else if (now.resource >= attempt.reporter.run().until) {
      end(at, {});
    } else {
      plan(at);
    }
  }

  void end(Running::iterator at, const TrialResult& result) {
    const TrialReporter reporter = at->second.reporter;
    const TrialResult last = result;  // may be a part of the curve
    const bool may_go_on =
        last.outcome == Outcome::paused || at->second.next < at->second.curve->reports.size();
    if (!may_go_on) curves_.erase(at->first.first);
    running_.erase(at);
    reporter.finish(last);
  }

  SimulatedObjective objective_;
  std::shared_ptr<VirtualClock> clock_;
  int workers_;
  std::uint64_t started_ = 0;
  Running running_;
  std::map<Due, Key> agenda_;
  /// Of trials that run or may be resumed.
  std::map<TrialId, std::shared_ptr<const SimulatedCurve>> curves_;
};

}  // namespace

struct VirtualClock::Impl {
  std::atomic<double> seconds = 0;
};

VirtualClock::VirtualClock() : impl_(std::make_unique<Impl>()) {}
VirtualClock::~VirtualClock() = default;

Seconds VirtualClock::monotonic() const { return Seconds(impl_->seconds.load()); }

Timestamp VirtualClock::wall() const { return 86400 + impl_->seconds.load(); }

void VirtualClock::advance_to(Seconds moment) {
  double now = impl_->seconds.load();
  while (now < moment.count() && !impl_->seconds.compare_exchange_weak(now, moment.count())) {
  }
}

std::unique_ptr<TrialExecutor> simulated_executor(SimulatedObjective objective,
                                                  std::shared_ptr<VirtualClock> clock,
                                                  SimulatedOptions options) {
  return std::make_unique<SimulatedExecutor>(std::move(objective), std::move(clock), options);
}

}  // namespace tunesmith
