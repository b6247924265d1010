// Trials on machinery of your own: an executor that hands them to a queue of workers, as it might
// to a cluster. The kit at the end holds it to the contract.
#include <atomic>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "tunesmith/testing/conformance.hpp"
#include "tunesmith/tunesmith.hpp"

namespace ts = tunesmith;

namespace {

/// A thread for each task stands for the cluster's machines.
class ClusterExecutor final : public ts::TrialExecutor {
 public:
  ClusterExecutor(ts::ObjectiveFunction task, int machines)
      : task_(std::move(task)), machines_(machines) {}

  ~ClusterExecutor() override {
    for (auto& [key, stop] : stops_) *stop = true;
    for (std::thread& worker : workers_) worker.join();
  }

  int capacity() override { return machines_; }

  std::string start(const ts::TrialRun& run, ts::TrialReporter reporter) override {
    const auto stop = std::make_shared<std::atomic<bool>>(false);
    stops_[{run.trial, run.attempt}] = stop;
    workers_.emplace_back([task = task_, run, reporter, stop] {
      reporter.finish(task(run, ts::TrialReporter(std::make_shared<Line>(reporter, stop), run)));
    });
    return "task " + std::to_string(run.trial);  // comes back in recover(), after a crash
  }

  void request_stop(const ts::TrialRun& run) noexcept override {
    const auto found = stops_.find({run.trial, run.attempt});
    if (found != stops_.end()) *found->second = true;
  }

 private:
  /// Between a task and the tuner: a requested stop becomes the answer to the task's next report.
  class Line final : public ts::TrialSink {
   public:
    Line(ts::TrialReporter reporter, std::shared_ptr<std::atomic<bool>> stop)
        : reporter_(std::move(reporter)), stop_(std::move(stop)) {}
    ts::Decision report(const ts::TrialRun&, double level, const ts::Metrics& metrics) override {
      const ts::Decision decision = reporter_.report(level, metrics);
      return *stop_ ? ts::Decision::stop : decision;
    }
    void finish(const ts::TrialRun&, const ts::TrialResult& result) override {
      reporter_.finish(result);
    }

   private:
    ts::TrialReporter reporter_;
    std::shared_ptr<std::atomic<bool>> stop_;
  };

  ts::ObjectiveFunction task_;
  int machines_;
  std::map<std::pair<ts::TrialId, int>, std::shared_ptr<std::atomic<bool>>> stops_;
  std::vector<std::thread> workers_;
};

ts::TrialResult task(const ts::TrialRun& run, const ts::TrialReporter& reporter) {
  const double x = run.configuration.number("x");
  for (int step = 1; step <= 3; ++step) {
    if (reporter.report(step, {{"loss", (x - 0.3) * (x - 0.3) + 1.0 / step}}) !=
        ts::Decision::keep_going) {
      return {.outcome = ts::Outcome::stopped, .reason = "asked to stop"};
    }
  }
  return {};
}

}  // namespace

int main() {
  ts::Space space;
  space.add_float("x", {.min = 0, .max = 1});
  ts::Study study({.problem = {.space = space, .objectives = {{.metric = "loss"}}}});
  ts::Tuner tuner(study, std::make_unique<ClusterExecutor>(task, 4),
                  {.budget = {.max_trials = 20}});
  const ts::TuningResult result = tuner.run();
  std::cout << result.explanation << ", " << result.view.count(ts::TrialState::completed)
            << " completed\n";

  const auto conformance = ts::testing::check_executor({.make = [](int capacity) {
    return std::make_unique<ClusterExecutor>(ts::testing::conformance_trial, capacity);
  }});
  std::cout << (conformance.holds() ? "the contract is kept\n" : conformance.report());
}
