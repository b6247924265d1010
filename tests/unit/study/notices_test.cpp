#include <functional>

#include "study_fixture.hpp"
#include "support/catch.hpp"
#include "tunesmith/health.hpp"
#include "tunesmith/study.hpp"

using namespace tunesmith;

namespace {

/// Answers reports with a function's actions.
class TalkativeRule final : public StoppingRule {
 public:
  using Answer = std::function<std::vector<Action>(const Event& report)>;
  explicit TalkativeRule(Answer answer) : answer_(std::move(answer)) {}

  std::string name() const override { return "talkative"; }
  std::vector<Action> on_events(const StudyView&, std::span<const StoredEvent> news) override {
    std::vector<Action> actions;
    for (const auto& [sequence, event] : news) {
      if (event.kind != EventKind::reported) continue;
      for (Action& action : answer_(event)) actions.push_back(std::move(action));
    }
    return actions;
  }

 private:
  Answer answer_;
};

StudyOptions with_rule(std::shared_ptr<StoppingRule> rule, std::shared_ptr<Store> store = {}) {
  StudyOptions made = options();
  if (store) made.store = std::move(store);
  made.stopping_rules = {std::move(rule)};
  return made;
}

std::vector<Action> tell_of_trial(const Event& report) {
  return {{.kind = Action::Kind::notify, .trial = report.trial, .reason = "something is odd"}};
}

/// A clock that is set by hand.
class HandClock final : public Clock {
 public:
  Seconds monotonic() const override { return now; }
  Timestamp wall() const override { return 1000 + now.count(); }
  Seconds now = Seconds(0);
};

}  // namespace

TEST_CASE("a notice is recorded, and stops nothing") {
  Study study(with_rule(std::make_shared<TalkativeRule>(tell_of_trial)));
  const Asked run = study.ask();
  CHECK(study.view().notices().empty());
  const StudyView before = study.view();
  CHECK(study.report(*run, 1, {{"loss", 1}}) == Decision::keep_going);
  const StudyView view = study.view();
  REQUIRE(view.notices().size() == 1);
  CHECK(view.notices()[0].trial == run->trial);
  CHECK(view.notices()[0].rule == "talkative");
  CHECK(view.notices()[0].message == "something is odd");
  CHECK(before.notices().empty());
  CHECK(study.tell(*run, 1.0) == Told::accepted);
}

TEST_CASE("a rule's notice on a trial is recorded once, also by those who open the study again") {
  const auto store = open_store("memory:");
  {
    Study study(with_rule(std::make_shared<TalkativeRule>(tell_of_trial), store));
    const Asked first = study.ask();
    const Asked second = study.ask();
    for (int level = 1; level < 5; ++level) study.report(*first, level, {{"loss", 1}});
    study.report(*second, 1, {{"loss", 1}});
    CHECK(study.view().notices().size() == 2);
  }
  Study study(with_rule(std::make_shared<TalkativeRule>(tell_of_trial), store));
  CHECK(study.view().notices().size() == 2);
  study.report(study.open_runs().front(), 9, {{"loss", 1}});
  CHECK(study.view().notices().size() == 2);
}

TEST_CASE("notices on the whole study are told apart by their words") {
  Study study(with_rule(std::make_shared<TalkativeRule>([](const Event& report) {
    return std::vector<Action>{
        {.kind = Action::Kind::notify, .reason = report.value > 1 ? "too large" : "well again"}};
  })));
  const Asked run = study.ask();
  int level = 0;
  for (const double value : {2.0, 3.0, 0.5, 0.4}) study.report(*run, ++level, {{"loss", value}});
  const StudyView view = study.view();
  REQUIRE(view.notices().size() == 2);
  CHECK(view.notices()[0].trial == -1);
  CHECK(view.notices()[0].message == "too large");
  CHECK(view.notices()[1].message == "well again");
}

TEST_CASE("a notice needs words, and a trial that exists") {
  Action action{.kind = Action::Kind::notify, .trial = 7, .reason = "odd"};
  Study study(with_rule(
      std::make_shared<TalkativeRule>([&](const Event&) { return std::vector{action}; })));
  const Asked run = study.ask();
  CHECK_THROWS_AS(study.report(*run, 1, {{"loss", 1}}), Error);
  action = {.kind = Action::Kind::notify, .trial = 0};
  CHECK_THROWS_AS(study.report(*run, 2, {{"loss", 1}}), Error);
  CHECK(study.view().notices().empty());
}

TEST_CASE("notices make no suggestion stale") {
  CHECK_FALSE(moves_generation(EventKind::noticed));
  CHECK_FALSE(opens_attempt(EventKind::noticed));
}

TEST_CASE("rules look at the study's clock when it is refreshed") {
  const auto clock = std::make_shared<HandClock>();
  for (const Action::Kind kind : {Action::Kind::stop_trial, Action::Kind::stop_study}) {
    clock->now = Seconds(0);
    StudyOptions made =
        with_rule(stalled_training_rule({.threshold = Seconds(60), .action = kind}));
    made.clock = clock;
    Study study(std::move(made));
    const Asked run = study.ask();
    study.refresh();
    clock->now = Seconds(59);
    study.refresh();
    CHECK(study.report(*run, 1, {{"loss", 1}}) == Decision::keep_going);
    study.refresh();
    clock->now = Seconds(120);
    study.refresh();
    CHECK(study.view().stop_requested(run->trial));
    CHECK(study.view().stop_requested().has_value() == (kind == Action::Kind::stop_study));
    CHECK(study.report(*run, 2, {{"loss", 1}}) == Decision::stop);
    const Sequence length = study.view().prefix();
    study.refresh();
    CHECK(study.view().prefix() == length);
  }
}
