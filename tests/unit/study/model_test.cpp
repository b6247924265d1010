// Sixteen threads call a study as they like; what each of them was told must fit together, and with
// the log.

#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "core/random.hpp"
#include "study_fixture.hpp"
#include "support/catch.hpp"
#include "support/test_folder.hpp"
#include "tunesmith/study.hpp"

using namespace tunesmith;

namespace {

/// What the answers say a trial must be, written down by whoever got the answer.
struct Expected {
  Configuration configuration = {};
  std::set<int> attempts = {};
  std::map<double, double> reports = {};
  std::optional<Outcome> outcome = {};
};

class Model {
 public:
  /// Catch's own assertions are for one thread.
  void expect(bool holds, const char* what) {
    const std::lock_guard lock(mutex_);
    if (!holds) broken_.insert(what);
  }
  void opened(const TrialRun& run) {
    const std::lock_guard lock(mutex_);
    Expected& trial = trials_[run.trial];
    if (trial.attempts.empty()) trial.configuration = run.configuration;
    if (trial.configuration != run.configuration) broken_.insert("another configuration");
    if (!trial.attempts.insert(run.attempt).second) broken_.insert("an attempt given out twice");
    if (trial.outcome) broken_.insert("a trial that is over given out");
  }
  void reported(const TrialRun& run, double level, double value) {
    const std::lock_guard lock(mutex_);
    trials_[run.trial].reports[level] = value;
  }
  void ended(const TrialRun& run, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    if (outcome != Outcome::preempted) trials_[run.trial].outcome = outcome;
  }

  void stop_requested(TrialId trial) {
    const std::lock_guard lock(mutex_);
    stopping_.insert(trial);
  }
  bool asked_to_stop(TrialId trial) {
    const std::lock_guard lock(mutex_);
    return stopping_.contains(trial);
  }

  const std::set<std::string>& broken() const { return broken_; }

  void compare(const StudyView& view) const {
    REQUIRE(view.size() == trials_.size());
    std::set<std::string> chosen;
    for (const auto& [id, expected] : trials_) {
      const Trial& trial = view.trial(id);
      CAPTURE(id);
      CHECK(trial.configuration == expected.configuration);
      CHECK(trial.attempt == static_cast<int>(expected.attempts.size()));
      CHECK(trial.attempt == *expected.attempts.rbegin());
      REQUIRE(trial.reports.size() == expected.reports.size());
      auto report = trial.reports.begin();
      for (const auto& [level, value] : expected.reports) {
        CHECK(*report++ == Report{level, {{"loss", value}}});
      }
      if (expected.outcome) {
        CHECK(std::string(to_string(trial.state)) == to_string(*expected.outcome));
      } else {
        CHECK(trial.state == TrialState::preempted);
      }
      if (trial.origin == Origin::strategy) {
        CHECK(chosen.insert(trial.configuration.to_json()).second);
      }
    }
  }

 private:
  std::mutex mutex_;
  std::map<TrialId, Expected> trials_;
  std::set<TrialId> stopping_;
  std::set<std::string> broken_;
};

/// One thread's worth of calls. Only the thread that was given an attempt reports for it and ends
/// it, so that the model knows the order; anybody may try to end what is over, and read.
class Worker {
 public:
  Worker(Study& study, Model& model, std::uint64_t number)
      : study_(study), model_(model), random_(3, number, "calls") {}

  void work(int calls) {
    for (int call = 0; call < calls; ++call) {
      const std::uint64_t what = random_.below(100);
      if (what < 30 || mine_.empty()) {
        ask();
      } else if (what < 60) {
        report();
      } else if (what < 80) {
        tell(static_cast<Outcome>(random_.below(6)));
      } else if (what < 85 && !over_.empty()) {
        come_late();
      } else if (what < 88) {
        study_.enqueue({{"x", random_.uniform()}}, "by hand");
      } else if (what < 90) {
        study_.replicate(mine_[0].trial);
      } else if (what < 92) {
        study_.set_budget({.max_trials = static_cast<std::int64_t>(60000 + random_.below(5))});
      } else if (what < 94) {
        study_.started(mine_[0], "handle");
      } else if (what < 96) {
        ask_to_stop();
      } else if (what < 97) {
        restart();
      } else {
        look();
      }
    }
    while (!mine_.empty()) tell(Outcome::stopped);
  }

 private:
  void ask() {
    const Asked run = study_.ask();
    model_.expect(static_cast<bool>(run), "a trial was asked for");
    if (!run) return;
    model_.opened(*run);
    mine_.push_back(*run);
  }

  void report() {
    const TrialRun& run = mine_[random_.below(mine_.size())];
    const auto level = static_cast<double>(random_.below(4));
    const double value = random_.uniform();
    const Decision decision = study_.report(run, level, {{"loss", value}});
    model_.expect((decision == Decision::stop) == model_.asked_to_stop(run.trial),
                  "reports say whether somebody asked to stop");
    model_.reported(run, level, value);
  }

  void tell(Outcome outcome) {
    const std::size_t index = random_.below(mine_.size());
    const TrialRun run = mine_[index];
    mine_.erase(mine_.begin() + static_cast<std::ptrdiff_t>(index));
    // Before the tell: another thread may be given the next attempt at once.
    model_.ended(run, outcome);
    const TrialResult result = {outcome, "because", Metrics{{"loss", random_.uniform()}}};
    model_.expect(study_.tell(run, result) == Told::accepted, "the first tell is accepted");
    const Told again = study_.tell(run, result);
    model_.expect(
        again == Told::duplicate || (outcome == Outcome::preempted && again == Told::fenced),
        "the second tell is a duplicate");
    over_.push_back(run);
  }

  void ask_to_stop() {
    const TrialRun& run = mine_[random_.below(mine_.size())];
    study_.request_stop("enough", run.trial);
    model_.stop_requested(run.trial);
  }

  void restart() {
    const std::size_t index = random_.below(mine_.size());
    over_.push_back(mine_[index]);
    mine_[index] = study_.restart(mine_[index], "again");
    model_.opened(mine_[index]);
  }

  void come_late() {
    const TrialRun& run = over_[random_.below(over_.size())];
    model_.expect(study_.report(run, 1, {{"loss", 9}}) == Decision::stop,
                  "late reports are dropped");
    model_.expect(study_.tell(run, TrialResult{}) != Told::accepted, "late tells are refused");
  }

  void look() {
    study_.refresh();
    const StudyView view = study_.view();
    std::int64_t total = 0;
    for (const TrialState state :
         {TrialState::running, TrialState::preempted, TrialState::completed, TrialState::stopped,
          TrialState::failed, TrialState::infeasible, TrialState::lost}) {
      total += view.count(state);
    }
    model_.expect(total == static_cast<std::int64_t>(view.size()), "every trial has one state");
    for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
      model_.expect(view.trial(id).id == id, "trials stand at their numbers");
    }
    model_.expect(study_.why_spent().empty(), "the budget is not spent");
  }

  Study& study_;
  Model& model_;
  RandomStream random_;
  std::vector<TrialRun> mine_;
  std::vector<TrialRun> over_;
};

/// Whether a study feeds its rules every event once and in order, whichever thread wrote it.
class CountingRule final : public StoppingRule {
 public:
  std::string name() const override { return "counting"; }
  std::vector<Action> on_events(const StudyView&, std::span<const StoredEvent> news) override {
    for (const StoredEvent& stored : news) in_order_ = in_order_ && stored.sequence == ++fed_;
    return {};
  }
  bool heard_all(Sequence log) const { return in_order_ && fed_ == log; }

 private:
  Sequence fed_ = 0;
  bool in_order_ = true;
};

}  // namespace

TEST_CASE("study: sixteen threads and a model agree", "[threads]") {
  const TestFolder folder;
  const bool sqlite = GENERATE(false, true);
  const auto store = open_store(sqlite ? "sqlite:" + (folder / "a.db") : "memory:");
  const auto rule = std::make_shared<CountingRule>();
  Study study({.problem = one_objective(),
               .search = counting_search(),
               .stopping_rules = {rule},
               .store = store});
  study.set_budget({.max_trials = 60000});
  Model model;
  std::vector<std::thread> threads;
  for (std::uint64_t number = 0; number < 16; ++number) {
    threads.emplace_back([&, number] { Worker(study, model, number).work(sqlite ? 60 : 200); });
  }
  for (std::thread& thread : threads) thread.join();

  for (const std::string& what : model.broken()) FAIL_CHECK(what);
  model.compare(study.view());
  model.compare(read_study(*store, "study"));
  CHECK(study.open_runs().empty());
  CHECK(rule->heard_all(study.view().prefix()));
}

TEST_CASE("study: a report does not wait for a strategy that computes", "[threads]") {
  std::promise<void> computing;
  std::promise<void> reported;
  StudyOptions options = {.problem = one_objective()};
  options.search = std::make_shared<FakeSearch>([&](const StudyView& view, int) {
    if (view.size() == 1) {
      computing.set_value();
      reported.get_future().wait();
    }
    return counting_search()->suggest(view, 1);
  });
  Study study(options);
  const Asked first = study.ask();
  std::thread asking([&] { study.ask(); });
  computing.get_future().wait();
  CHECK(study.report(*first, 1, {{"loss", 1}}) == Decision::keep_going);
  CHECK(study.tell(*first, 1.0) == Told::accepted);
  CHECK(study.view().size() == 1);
  reported.set_value();
  asking.join();
  const StudyView view = study.view();
  REQUIRE(view.size() == 2);
  CHECK(view.trial(1).prefix == 1);  // what the strategy saw, not what came meanwhile
}

TEST_CASE("study: what comes while a strategy has nothing to say is not slept through",
          "[threads]") {
  // The last running trial ends while the strategy says that it waits for it.
  std::optional<TrialRun> running;
  Study* study_of_search = nullptr;
  int asked = 0;
  StudyOptions options = {.problem = one_objective()};
  options.search = std::make_shared<FakeSearch>([&](const StudyView& view, int) {
    if (view.count(TrialState::running) == 0) return counting_search()->suggest(view, 1);
    ++asked;
    study_of_search->tell(*running, 1.0);
    return std::vector<Suggestion>{};
  });
  Study study(options);
  study_of_search = &study;
  running = *study.ask();
  CHECK(study.ask());
  CHECK(asked == 1);
}

TEST_CASE("study: two studies on one log take turns", "[threads]") {
  const auto store = open_store("memory:");
  const StudyOptions options = {
      .problem = one_objective(), .search = counting_search(), .store = store};
  Study a(options);
  Study b(options);
  std::atomic<int> given = 0;
  const auto drive = [&](Study& study) {
    for (int i = 0; i < 100; ++i) {
      const Asked run = study.ask();
      if (run && study.tell(*run, 1.0) == Told::accepted) ++given;
    }
  };
  std::thread first([&] { drive(a); });
  std::thread second([&] { drive(b); });
  first.join();
  second.join();
  CHECK(given == 200);
  const StudyView view = read_study(*store, "study");
  REQUIRE(view.size() == 200);
  CHECK(view.count(TrialState::completed) == 200);
  for (TrialId id = 0; id < 200; ++id) {
    CHECK(view.trial(id).configuration == Configuration{{"x", static_cast<double>(id) / 1024}});
  }
}
