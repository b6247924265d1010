#include <functional>
#include <map>
#include <set>

#include "study_fixture.hpp"
#include "support/catch.hpp"
#include "support/halving_search.hpp"
#include "tunesmith/study.hpp"

using namespace tunesmith;

namespace {

StudyOptions with_search(std::shared_ptr<SearchStrategy> search,
                         std::shared_ptr<Store> store = {}) {
  StudyOptions made = options();
  made.search = std::move(search);
  if (store) made.store = std::move(store);
  return made;
}

/// A curve whose order at every level is that of the parameter.
double loss(const TrialRun& run, double level) { return run.configuration.number("x") + 1 / level; }

/// Reports what is left up to the trial's level; whether it was told to pause or stop there.
Decision train(Study& study, const TrialRun& run, double to = run_to_end) {
  Decision decision = Decision::keep_going;
  for (double level = run.reached.value_or(0) + 1; level <= std::min(run.until, to); ++level) {
    REQUIRE(decision == Decision::keep_going);
    decision = study.report(run, level, {{"loss", loss(run, level)}});
  }
  return decision;
}

struct Course {
  int resumed = 0;
  double levels = 0;
};

/// One worker, to the end.
Course run_all(Study& study) {
  Course course;
  while (const Asked run = study.ask()) {
    course.resumed += run->attempt > 1 ? 1 : 0;
    course.levels += run->until - run->reached.value_or(0);
    const Decision decision = train(study, *run);
    CHECK(decision == (run->until < 9 ? Decision::pause : Decision::stop));
    study.tell(*run, {.outcome = Outcome::stopped, .reason = "as it was told"});
  }
  return course;
}

/// Does what a function says.
class ScriptedSearch final : public SearchStrategy {
 public:
  using Answer = std::function<std::vector<Action>(const Event& event)>;
  explicit ScriptedSearch(Answer answer) : answer_(std::move(answer)) {}
  std::string name() const override { return "scripted"; }
  std::vector<Suggestion> suggest(const StudyView& view, int count) override {
    CHECK(view.prefix() == fed);
    if (!next) return random_->suggest(view, count);
    return {*std::exchange(next, std::nullopt)};
  }
  bool follows_events() const noexcept override { return true; }
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    std::vector<Action> actions;
    for (const auto& [sequence, event] : news) {
      CHECK(sequence == ++fed);
      for (Action& action : answer_(event)) actions.push_back(std::move(action));
    }
    CHECK(view.prefix() == fed);
    return actions;
  }

  Sequence fed = 0;
  std::optional<Suggestion> next = {};

 private:
  Answer answer_;
  std::shared_ptr<SearchStrategy> random_ = random_search();
};

std::vector<Action> nothing(const Event&) { return {}; }

}  // namespace

TEST_CASE("trials are paused at their level and the best go on with their reports") {
  Study study(with_search(std::make_shared<HalvingSearch>()));
  study.set_budget({.max_trials = 9});
  const Course course = run_all(study);
  CHECK(course.resumed == 4);
  CHECK(course.levels == 9 + 3 * 2 + 6);
  const StudyView view = study.view();
  CHECK(view.size() == 9);
  CHECK(view.count(TrialState::paused) == 0);
  CHECK(view.count(TrialState::completed) == 1);
  CHECK(view.count(TrialState::stopped) == 8);
  REQUIRE(view.best());
  const Trial& best = view.trial(*view.best());
  CHECK(best.state == TrialState::completed);
  CHECK(best.attempt == 3);
  CHECK(best.until == 9);
  CHECK_FALSE(best.resumable);
  CHECK(best.strategy_state == "rung 2");
  CHECK(best.reports.size() == 9);
  CHECK(study.take_retired().size() == 8);
  CHECK(study.take_retired().empty());
  CHECK(study.why_spent() == "9 of 9 trials");
}

TEST_CASE("a trial that completes at its level is paused, and final metrics count as a report") {
  Study study(with_search(std::make_shared<HalvingSearch>()));
  study.set_budget({.max_trials = 3});
  for (int i = 0; i < 3; ++i) {
    const Asked run = study.ask();
    REQUIRE(run);
    CHECK(study.tell(*run, loss(*run, 1)) == Told::accepted);
    CHECK(study.tell(*run, loss(*run, 1)) == Told::duplicate);
    CHECK(study.view().trial(run->trial).state == TrialState::paused);
    CHECK(study.view().trial(run->trial).reports.size() == 1);
    CHECK(study.view().trial(run->trial).metrics.empty());
  }
  CHECK_FALSE(study.view().best());
  const Asked promoted = study.ask();
  REQUIRE(promoted);
  CHECK(promoted->attempt == 2);
  CHECK(promoted->reached == 1);
  CHECK(promoted->until == 3);
  study.fail(*promoted, "out of memory");
  CHECK(study.view().trial(promoted->trial).state == TrialState::failed);
  CHECK(study.ask().reason() == NothingNow::budget_spent);
  CHECK(study.view().count(TrialState::stopped) == 2);
}

TEST_CASE("a trial without a finite objective fails where it would be paused") {
  Study study(with_search(std::make_shared<HalvingSearch>()));
  const Asked run = study.ask();
  study.report(*run, 1, {{"other", 1}});
  study.tell(*run, {.outcome = Outcome::stopped, .reason = "told to"});
  CHECK(study.view().trial(0).state == TrialState::failed);
}

TEST_CASE("an attempt that is taken away at its level is paused, below it it goes on") {
  Study study(with_search(std::make_shared<HalvingSearch>(std::vector<double>{3, 9})));
  const Asked short_of = study.ask();
  const Asked there = study.ask();
  train(study, *short_of, 2);
  train(study, *there);
  for (const Asked* run : {&short_of, &there}) {
    study.tell(**run, {.outcome = Outcome::preempted, .reason = "taken away"});
  }
  CHECK(study.view().trial(short_of->trial).state == TrialState::preempted);
  CHECK(study.view().trial(there->trial).state == TrialState::paused);
  const Asked next = study.ask();
  CHECK(next->trial == short_of->trial);
  CHECK(next->reached == 2);
  CHECK(next->until == 3);
}

TEST_CASE("while running trials may be promoted, a spent budget means waiting") {
  Study study(with_search(std::make_shared<HalvingSearch>()));
  study.set_budget({.max_trials = 3});
  std::vector<TrialRun> runs;
  for (int i = 0; i < 3; ++i) runs.push_back(*study.ask());
  CHECK(study.ask().reason() == NothingNow::waiting);
  for (const TrialRun& run : runs) {
    train(study, run);
    study.tell(run, {.outcome = Outcome::paused, .reason = "told to"});
  }
  CHECK(study.view().count(TrialState::paused) == 3);
  CHECK(study.ask()->attempt == 2);
}

TEST_CASE("paused trials stay where somebody asked for a stop, and end with any other budget") {
  Study study(with_search(std::make_shared<HalvingSearch>()));
  for (int i = 0; i < 2; ++i) {
    const Asked run = study.ask();
    train(study, *run);
    study.tell(*run, {.outcome = Outcome::paused, .reason = "told to"});
  }
  study.request_stop("enough for today");
  CHECK(study.ask().reason() == NothingNow::budget_spent);
  CHECK(study.view().count(TrialState::paused) == 2);
  study.begin_session("the next day");
  study.request_stop("not this one", 0);
  CHECK(study.view().trial(0).state == TrialState::stopped);
  CHECK(study.view().trial(0).reason == "not this one");
  study.set_budget({.target = 1e9});
  const Asked run = study.ask();
  CHECK((run ? std::string("a trial") : std::string(to_string(run.reason()))) == "budget_spent");
  CHECK(study.view().count(TrialState::paused) == 0);
  CHECK(study.view().best().has_value());
}

TEST_CASE("retired trials are final and named once, also after opening") {
  const auto store = open_store("memory:");
  std::set<TrialId> first;
  {
    Study study(
        with_search(std::make_shared<HalvingSearch>(std::vector<double>{1, 3, 9}, true), store));
    study.set_budget({.max_trials = 30});
    for (int i = 0; i < 25; ++i) {
      const Asked run = study.ask();
      train(study, *run);
      study.tell(*run, {.outcome = Outcome::paused, .reason = "told to"});
    }
    for (const TrialId id : study.take_retired()) CHECK(first.insert(id).second);
    CHECK(first.size() > 3);
    for (const TrialId id : first) {
      CHECK(study.view().trial(id).state == TrialState::stopped);
      CHECK(study.view().trial(id).reason == "halving: among the worst");
    }
  }
  Study again(with_search(std::make_shared<HalvingSearch>(), store));
  const std::vector<TrialId> named = again.take_retired();
  CHECK(std::set<TrialId>(named.begin(), named.end()) == first);
}

TEST_CASE("a study that is opened again after every step takes the same course") {
  const auto course = [](bool reopen) {
    const auto store = open_store("memory:");
    const auto search = [] {
      return std::make_shared<HalvingSearch>(std::vector<double>{1, 3, 9}, true);
    };
    auto study = std::make_unique<Study>(with_search(search(), store));
    study->set_budget({.max_trials = 20});
    const auto cut = [&] {
      if (reopen) study = std::make_unique<Study>(with_search(search(), store));
    };
    std::string text;
    while (const Asked run = study->ask()) {
      text += std::to_string(run->trial) + "/" + std::to_string(run->attempt) + " ";
      cut();
      train(*study, *run);
      cut();
      study->tell(*run, {.outcome = Outcome::stopped, .reason = "told to"});
      cut();
    }
    const StudyView view = study->view();
    for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
      text += view.trial(id).configuration.to_json() + to_string(view.trial(id).state);
    }
    return text;
  };
  CHECK(course(false) == course(true));
}

TEST_CASE("a strategy is fed the log as rules are and may stop, pause and notify") {
  const auto store = open_store("memory:");
  {
    const auto search =
        std::make_shared<ScriptedSearch>([](const Event& event) -> std::vector<Action> {
          if (event.kind != EventKind::reported) return {};
          const auto kind = event.trial == 0   ? Action::Kind::stop_trial
                            : event.trial == 1 ? Action::Kind::pause_trial
                                               : Action::Kind::notify;
          return {{.kind = kind,
                   .trial = event.trial,
                   .reason = "level " + std::to_string(event.resource)}};
        });
    Study study(with_search(search, store));
    std::vector<TrialRun> runs;
    for (int i = 0; i < 3; ++i) runs.push_back(*study.ask());
    CHECK(study.report(runs[0], 1, {{"loss", 1}}) == Decision::stop);
    CHECK(study.report(runs[1], 1, {{"loss", 2}}) == Decision::pause);
    CHECK(study.view().pause_requested(1));
    CHECK(study.report(runs[2], 1, {{"loss", 3}}) == Decision::keep_going);
    study.tell(runs[0], {.outcome = Outcome::stopped, .reason = "r"});
    study.tell(runs[1], {.outcome = Outcome::stopped, .reason = "r"});
    const StudyView view = study.view();
    CHECK(view.trial(0).state == TrialState::stopped);
    CHECK(view.trial(1).state == TrialState::paused);
    CHECK(view.trial(1).reason == "scripted: level 1.000000");
    CHECK(view.trial(2).state == TrialState::running);
    CHECK_FALSE(view.pause_requested(1));
    REQUIRE(view.notices().size() == 1);
    CHECK(search->fed == view.prefix());
  }
  const auto search = std::make_shared<ScriptedSearch>(nothing);
  Study again(with_search(search, store));
  CHECK(search->fed == again.view().prefix());
  search->next = Suggestion{.until = 5, .note = "once more", .resume = 1};
  const Asked resumed = again.ask();
  CHECK(resumed->trial == 1);
  CHECK(resumed->reached == 1);
  CHECK(again.view().trial(1).note == "once more");
  CHECK(again.report(*resumed, 2, {{"loss", 1}}) == Decision::keep_going);
  CHECK(again.report(*resumed, 5, {{"loss", 1}}) == Decision::stop);
  again.tell(*resumed, {.outcome = Outcome::stopped, .reason = "r"});
  CHECK(again.view().trial(1).state == TrialState::completed);
}

TEST_CASE("what a strategy must not suggest of paused trials is refused by name") {
  const auto search = std::make_shared<ScriptedSearch>(nothing);
  Study study(with_search(search));
  search->next =
      Suggestion{.configuration = random_search()->suggest(study.view(), 1)[0].configuration,
                 .until = 3,
                 .resumable = true};
  const Asked run = study.ask();
  const auto words = [&](Suggestion suggestion) {
    search->next = std::move(suggestion);
    try {
      study.ask();
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  using Catch::Matchers::Contains;
  CHECK_THAT(words({.until = 9, .resume = 0}), Contains("is running, not paused"));
  CHECK_THAT(words({.retire = 0}), Contains("is running, not paused"));
  CHECK_THAT(words({.retire = 7}), Contains("does not exist"));
  study.report(*run, 3, {{"loss", 1}});
  study.tell(*run, {.outcome = Outcome::paused, .reason = "told to"});
  CHECK_THAT(words({.until = 3, .resume = 0}), Contains("it has come to 3"));
  CHECK_THAT(words({.configuration = run->configuration, .until = 9, .resume = 0}),
             Contains("says more"));
  CHECK_THAT(words({.until = 9, .resume = 0, .retire = 0}), Contains("at the same time"));
  CHECK(words({.until = 9, .resume = 0}) == "taken");
}

TEST_CASE("a trial that ran past the next level, too, before it heard of the pause is resumed") {
  const auto search = std::make_shared<ScriptedSearch>(nothing);
  Study study(with_search(search));
  search->next =
      Suggestion{.configuration = random_search()->suggest(study.view(), 1)[0].configuration,
                 .until = 1,
                 .resumable = true};
  const Asked run = study.ask();
  study.report(*run, 1, {{"loss", 3}});
  study.report(*run, 4, {{"loss", 1}});
  study.tell(*run, {.outcome = Outcome::completed});
  search->next = Suggestion{.until = 3, .resume = 0};
  const Asked again = study.ask();
  REQUIRE(again);
  CHECK(again->until == 3);
  CHECK(again->reached == 4);
}

TEST_CASE("a stopping rule cannot pause a trial") {
  class PausingRule final : public StoppingRule {
   public:
    std::string name() const override { return "pausing"; }
    std::vector<Action> on_events(const StudyView&, std::span<const StoredEvent> news) override {
      if (news.back().event.kind != EventKind::reported) return {};
      return {{.kind = Action::Kind::pause_trial, .trial = 0, .reason = "tired"}};
    }
  };
  StudyOptions made = options();
  made.stopping_rules = {std::make_shared<PausingRule>()};
  Study study(made);
  const Asked run = study.ask();
  CHECK_THROWS_AS(study.report(*run, 1, {{"loss", 1}}), Error);
}

TEST_CASE("the cost of a trial is that of all its pieces") {
  StudyOptions made = options();
  made.search = std::make_shared<HalvingSearch>(std::vector<double>{1, 3, 9});
  made.problem.cost = Cost{.metric = "euros"};
  Study study(made);
  study.set_budget({.max_cost = 4});
  for (int i = 0; i < 3; ++i) {
    const Asked run = study.ask();
    REQUIRE(run);
    study.report(*run, 1, {{"loss", loss(*run, 1)}, {"euros", 1}});
    study.tell(*run, {.outcome = Outcome::paused, .reason = "told to"});
  }
  CHECK(study.view().total_cost() == 3);
  const Asked run = study.ask();
  REQUIRE(run);
  study.report(*run, 3, {{"loss", 0}, {"euros", 2.5}});
  study.tell(*run, {.outcome = Outcome::paused, .reason = "told to"});
  CHECK(study.view().total_cost() == 4.5);
  CHECK(study.ask().reason() == NothingNow::budget_spent);
  CHECK(study.view().total_cost() == 4.5);
  CHECK(study.view().count(TrialState::paused) == 0);
}
