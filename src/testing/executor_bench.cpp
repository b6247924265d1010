#include "testing/executor_bench.hpp"

#include <stdexcept>

namespace tunesmith::testing {

Decision ListeningSink::report(const TrialRun& run, double resource, const Metrics& metrics) {
  const std::lock_guard lock(mutex_);
  Heard& heard = heard_[key_of(run)];
  heard.reports.push_back({resource, metrics});
  if (!heard.results.empty()) ++heard.reports_after_the_end;
  news_.notify_all();
  return answers_[key_of(run)];
}

void ListeningSink::finish(const TrialRun& run, const TrialResult& result) {
  const std::lock_guard lock(mutex_);
  heard_[key_of(run)].results.push_back(result);
  news_.notify_all();
}

void ListeningSink::answer(AttemptKey attempt, Decision decision) {
  const std::lock_guard lock(mutex_);
  answers_[attempt] = decision;
}

ListeningSink::Heard ListeningSink::heard(AttemptKey attempt, Seconds limit,
                                          const std::function<bool(const Heard&)>& enough) {
  std::unique_lock lock(mutex_);
  news_.wait_for(lock, limit, [&] { return enough(heard_[attempt]); });
  return heard_[attempt];
}

std::vector<AttemptKey> ListeningSink::attempts() const {
  const std::lock_guard lock(mutex_);
  std::vector<AttemptKey> keys;
  for (const auto& [key, heard] : heard_) {
    if (!heard.reports.empty() || !heard.results.empty()) keys.push_back(key);
  }
  return keys;
}

std::size_t ListeningSink::messages() const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [key, heard] : heard_) count += heard.reports.size() + heard.results.size();
  return count;
}

std::string name_of(const TrialRun& run) {
  return "attempt " + std::to_string(run.attempt) + " of trial " + std::to_string(run.trial) +
         " (\"" + run.configuration.text("behaviour") + "\")";
}

ExecutorBench::ExecutorBench(Checks& checks, const ExecutorKit& kit, int capacity)
    : ExecutorBench(checks, kit.patience, [make = kit.make, capacity] { return make(capacity); }) {}

ExecutorBench::ExecutorBench(Checks& checks, Seconds patience,
                             std::function<std::unique_ptr<TrialExecutor>()> make)
    : checks_(checks), patience_(patience) {
  const auto made = std::make_shared<std::shared_ptr<TrialExecutor>>();
  in_time("making and opening it", [make = std::move(make), made] {
    *made = make();
    if (*made == nullptr) throw std::runtime_error("`make` gave null");
    (*made)->open("conformance", conformance_problem());
  });
  executor_ = *made;
}

ExecutorBench::~ExecutorBench() {
  try {
    end();
  } catch (const std::exception& error) {
    checks_.expect(false, error.what());
  }
}

void ExecutorBench::in_time(const std::string& what, const std::function<void()>& call) {
  if (!caller_.call(call, patience_)) throw std::runtime_error(what + " does not come back");
}

TrialRun ExecutorBench::run(const std::string& behaviour, int levels) {
  return {.trial = next_trial_++,
          .attempt = 1,
          .configuration = {{"behaviour", behaviour}, {"levels", std::int64_t{levels}}}};
}

TrialRun ExecutorBench::next_attempt(TrialRun run) {
  ++run.attempt;
  return run;
}

std::string ExecutorBench::start(const TrialRun& run) {
  const auto handle = std::make_shared<std::string>();
  in_time("start of " + name_of(run),
          [executor = executor_, reporter = TrialReporter(sink_, run), handle] {
            *handle = executor->start(reporter.run(), reporter);
          });
  return *handle;
}

void ExecutorBench::request_stop(const TrialRun& run) {
  in_time("request_stop of " + name_of(run),
          [executor = executor_, run] { executor->request_stop(run); });
}

void ExecutorBench::request_pause(const TrialRun& run) {
  in_time("request_pause of " + name_of(run),
          [executor = executor_, run] { executor->request_pause(run); });
}

Recovery ExecutorBench::recover(const TrialRun& run, const std::string& handle) {
  const auto answer = std::make_shared<Recovery>();
  in_time("recover of " + name_of(run),
          [executor = executor_, reporter = TrialReporter(sink_, run), handle, answer] {
            *answer = executor->recover(reporter.run(), handle, reporter);
          });
  return *answer;
}

void ExecutorBench::end() {
  if (!executor_) return;
  // Destroyed with the call, on the thread that made the others.
  const auto last = std::make_shared<std::shared_ptr<TrialExecutor>>(std::move(executor_));
  in_time("the destructor", [last] { last->reset(); });
}

ListeningSink::Heard ExecutorBench::await(
    const TrialRun& run, const std::function<bool(const ListeningSink::Heard&)>& enough) {
  const Seconds end = system_clock()->monotonic() + patience_;
  const auto more = std::make_shared<bool>(true);
  while (*more && system_clock()->monotonic() < end) {
    if (const auto heard = sink_->heard(key_of(run)); enough(heard)) return heard;
    in_time("advance", [executor = executor_, more] { *more = executor->advance(); });
  }
  return sink_->heard(key_of(run), end - system_clock()->monotonic(), enough);
}

std::optional<TrialResult> ExecutorBench::result(const TrialRun& run) {
  const auto heard =
      await(run, [](const ListeningSink::Heard& now) { return !now.results.empty(); });
  if (!checks_.expect(!heard.results.empty(), name_of(run) + " does not end")) return {};
  return heard.results.front();
}

bool ExecutorBench::reports(const TrialRun& run) {
  const auto heard = await(run, [](const ListeningSink::Heard& now) {
    return !now.reports.empty() || !now.results.empty();
  });
  return checks_.expect(!heard.reports.empty(), name_of(run) + " does not report");
}

}  // namespace tunesmith::testing
