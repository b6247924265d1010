// Executors with one bug each: the kit must see each of them.
#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <thread>

#include "conformance/broken.hpp"

using namespace tunesmith;

namespace {

enum class Bug {
  none,
  ends_twice,
  loses_failures,
  failure_as_success,
  no_reason,
  reports_late,
  loses_the_last_report,
  wrong_level,
  first_reporter_for_all,
  stops_everything,
  stops_nothing,
  pauses_nothing,
  pauses_every_attempt,
  pause_as_failure,
  deaf_to_pauses,
  stops_other_attempts,
  stop_as_success,
  deaf_to_answers,
  no_capacity,
  one_at_a_time,
  start_waits,
  recovers_anything,
  leaves_trials_running,
  end_hangs,
  unknown_stop_ends_next,
  silence_without_end,
  silence_as_zero,
  nan_as_zero,
  finds_without_result,
  gone_with_result,
  finds_another_result,
};

/// A thread for each trial. Threads share what they need, so that some may be left behind.
class ThreadPerTrial final : public TrialExecutor {
 public:
  ThreadPerTrial(Bug bug, int capacity) : bug_(bug), capacity_(capacity) {}

  ~ThreadPerTrial() override {
    if (bug_ == Bug::end_hangs) std::this_thread::sleep_for(Seconds(3));
    if (bug_ != Bug::leaves_trials_running) {
      for (const auto& [key, trial] : trials_) trial->stop = true;
    }
    for (std::thread& thread : threads_) {
      if (bug_ == Bug::leaves_trials_running) {
        thread.detach();
      } else {
        thread.join();
      }
    }
  }

  int capacity() override { return bug_ == Bug::no_capacity ? 0 : capacity_; }

  std::string start(const TrialRun& run, TrialReporter reporter) override {
    if (bug_ == Bug::first_reporter_for_all) {
      reporter = first_.try_emplace(run.trial, reporter).first->second;
    }
    const auto trial = std::make_shared<State>(reporter);
    trial->stop = bug_ == Bug::unknown_stop_ends_next && stray_stop_;
    trials_[{run.trial, run.attempt}] = trial;
    if (bug_ == Bug::one_at_a_time) {
      for (std::thread& thread : threads_) thread.join();
      threads_.clear();
    }
    threads_.emplace_back([bug = bug_, run, trial] { serve(bug, run, *trial); });
    if (bug_ == Bug::start_waits) {
      threads_.back().join();
      threads_.pop_back();
    }
    return "handle";
  }

  void request_stop(const TrialRun& run) noexcept override {
    stray_stop_ = stray_stop_ || !trials_.contains({run.trial, run.attempt});
    if (bug_ == Bug::stops_nothing) return;
    for (const auto& [key, trial] : trials_) {
      const bool meant = key == std::pair(run.trial, run.attempt);
      const bool mistaken = bug_ == Bug::stops_everything ||
                            (bug_ == Bug::stops_other_attempts && key.first == run.trial);
      if (meant || mistaken) trial->stop = true;
    }
  }

  void request_pause(const TrialRun& run) noexcept override {
    if (bug_ == Bug::pauses_nothing) return;
    for (const auto& [key, trial] : trials_) {
      const bool meant = key == std::pair(run.trial, run.attempt);
      if (meant || (bug_ == Bug::pauses_every_attempt && key.first == run.trial))
        trial->stop = true;
    }
  }

  Recovery recover(const TrialRun&, const std::string& handle, TrialReporter reporter) override {
    if (bug_ == Bug::recovers_anything) return Recovery::running;
    if (handle != "handle") return Recovery::gone;
    if (bug_ == Bug::finds_without_result) return Recovery::finished;
    if (bug_ == Bug::gone_with_result) reporter.finish({});
    if (bug_ != Bug::finds_another_result) return Recovery::gone;
    reporter.finish({.outcome = Outcome::lost, .reason = "not found"});
    return Recovery::finished;
  }

 private:
  struct State {
    explicit State(TrialReporter the_reporter) : reporter(std::move(the_reporter)) {}
    TrialReporter reporter;
    std::atomic<bool> stop = false;
  };

  static void serve(Bug bug, const TrialRun& run, State& trial) {
    const std::string& behaviour = run.configuration.text("behaviour");
    if (behaviour == "wait") {
      wait(bug, trial);
    } else if (behaviour == "silent") {
      if (bug == Bug::silence_without_end) return;
      if (bug == Bug::silence_as_zero) trial.reporter.report(1, {{"loss", 0.0}});
      trial.reporter.finish({});
    } else if (behaviour == "nan") {
      trial.reporter.report(1, {{"loss", bug == Bug::nan_as_zero ? 0.0 : std::nan("")}});
      trial.reporter.finish({});
    } else {
      work(bug, run, trial);
    }
  }

  static void work(Bug bug, const TrialRun& run, State& trial) {
    const bool fails = run.configuration.text("behaviour") == "fail";
    const std::int64_t levels = fails ? 1 : run.configuration.integer("levels");
    TrialResult result;
    if (fails && bug != Bug::failure_as_success) {
      result = {.outcome = Outcome::failed, .reason = bug == Bug::no_reason ? "" : "to fail"};
    }
    if (bug == Bug::unknown_stop_ends_next && trial.stop) {
      result = {.outcome = Outcome::stopped, .reason = "asked to stop"};
    }
    if (bug == Bug::reports_late) trial.reporter.finish(result);
    for (std::int64_t level = 1; level <= levels; ++level) {
      if (bug == Bug::loses_the_last_report && level == levels) break;
      const auto at = static_cast<double>(bug == Bug::wrong_level ? level - 1 : level);
      trial.reporter.report(at, {{"loss", 1.0 / static_cast<double>(level)}});
    }
    if (bug == Bug::reports_late || (fails && bug == Bug::loses_failures)) return;
    trial.reporter.finish(result);
    if (bug == Bug::ends_twice) trial.reporter.finish(result);
  }

  static void wait(Bug bug, State& trial) {
    while (!trial.stop) {
      const Decision decision = trial.reporter.report(1, {{"loss", 1.0}});
      if (decision == Decision::stop && bug != Bug::deaf_to_answers) trial.stop = true;
      if (decision == Decision::pause && bug != Bug::deaf_to_pauses) trial.stop = true;
      std::this_thread::sleep_for(Seconds(0.002));
    }
    trial.reporter.finish({.outcome = bug == Bug::stop_as_success    ? Outcome::completed
                                      : bug == Bug::pause_as_failure ? Outcome::failed
                                                                     : Outcome::stopped,
                           .reason = "asked to stop"});
  }

  Bug bug_;
  int capacity_;
  bool stray_stop_ = false;
  std::map<std::pair<TrialId, int>, std::shared_ptr<State>> trials_;
  std::map<TrialId, TrialReporter> first_;
  std::vector<std::thread> threads_;
};

testing::Conformance check(Bug bug) {
  return testing::check_executor(
      {.make = [bug](int capacity) { return std::make_unique<ThreadPerTrial>(bug, capacity); },
       .again = [bug] { return std::make_unique<ThreadPerTrial>(bug, 2); },
       .patience = Seconds(bug == Bug::none ? 20 : 0.5)});
}

}  // namespace

TEST_CASE("executors: the kit keeps quiet about one that is right") {
  const testing::Conformance result = check(Bug::none);
  INFO(result.report());
  CHECK(result.holds());
  CHECK(result.checks.size() > 10);
}

TEST_CASE("executors: what is told wrongly is caught") {
  const std::string completes = "a trial reports its levels and completes";
  const std::string fails = "a failure is a failed trial with a reason";
  const std::string once = "each of many attempts ends once, and no other is heard of";
  CHECK(caught(check(Bug::ends_twice), once));
  CHECK(caught(check(Bug::loses_failures), fails));
  CHECK(caught(check(Bug::failure_as_success), fails));
  CHECK(caught(check(Bug::no_reason), fails));
  CHECK(caught(check(Bug::reports_late), completes));
  CHECK(caught(check(Bug::loses_the_last_report), completes));
  CHECK(caught(check(Bug::wrong_level), completes));
  CHECK(caught(check(Bug::first_reporter_for_all), "the next attempt of a trial is its own"));
}

TEST_CASE("executors: values that nobody measured are caught") {
  const std::string silent = "a trial that says nothing ends, and nothing is added";
  CHECK(caught(check(Bug::silence_without_end), silent));
  CHECK(caught(check(Bug::silence_as_zero), silent));
  CHECK(caught(check(Bug::nan_as_zero), "a value that is no number is reported as NaN"));
}

TEST_CASE("executors: wrong news of earlier sessions are caught") {
  const std::string found = "what an earlier session began is found again, or gone";
  CHECK(caught(check(Bug::finds_without_result), found));
  CHECK(caught(check(Bug::gone_with_result), found));
  CHECK(caught(check(Bug::finds_another_result), found));
}

TEST_CASE("executors: pauses that do not do what they should are caught") {
  const std::string goes_on =
      "a pause ends its attempt and no other, and the trial goes on as the next";
  CHECK(caught(check(Bug::pauses_nothing), goes_on));
  CHECK(caught(check(Bug::pauses_every_attempt), goes_on));
  CHECK(caught(check(Bug::pause_as_failure), goes_on));
  CHECK(caught(check(Bug::deaf_to_pauses), "the answer `pause` to a report ends the attempt"));
}

TEST_CASE("executors: stops that do not do what they should are caught") {
  const std::string no_other = "a request ends its trial and no other";
  const std::string no_harm = "requests that come twice, late or for strangers do no harm";
  CHECK(caught(check(Bug::stops_everything), no_other));
  CHECK(caught(check(Bug::stops_nothing), no_other));
  CHECK(caught(check(Bug::stop_as_success), no_other));
  CHECK(caught(check(Bug::stops_other_attempts), no_harm));
  CHECK(caught(check(Bug::unknown_stop_ends_next), no_harm));
  CHECK(caught(check(Bug::deaf_to_answers), "the answer `stop` to a report ends the trial"));
}

TEST_CASE("executors: those that block, promise too much or do not let go are caught") {
  const std::string at_once = "as many trials run at once as it has capacity for";
  CHECK(caught(check(Bug::no_capacity), at_once));
  CHECK(caught(check(Bug::one_at_a_time), at_once));
  CHECK(caught(check(Bug::start_waits), at_once));
  CHECK(caught(check(Bug::recovers_anything), "an attempt that it does not know is gone"));
  CHECK(caught(check(Bug::leaves_trials_running), "its end is the end of its trials"));
  CHECK(caught(check(Bug::end_hangs), "its end is the end of its trials"));
}
