#include <functional>

#include "study_fixture.hpp"
#include "support/catch.hpp"
#include "tunesmith/study.hpp"

using namespace tunesmith;

namespace {

/// Notes what it is fed and answers with a function's actions.
class ScriptedRule final : public StoppingRule {
 public:
  using Answer = std::function<std::vector<Action>(const Event& event)>;
  explicit ScriptedRule(Answer answer = {}) : answer_(std::move(answer)) {}

  std::string name() const override { return "scripted"; }
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    std::vector<Action> actions;
    for (const auto& [sequence, event] : news) {
      CHECK(sequence == ++fed);
      if (!answer_) continue;
      for (Action& action : answer_(event)) actions.push_back(std::move(action));
    }
    CHECK(view.prefix() == fed);
    return actions;
  }

  Sequence fed = 0;

 private:
  Answer answer_;
};

std::vector<Action> stop_above_one(const Event& event) {
  if (event.kind != EventKind::reported || event.value <= 1) return {};
  return {{.trial = event.trial, .reason = "above one"}};
}

StudyOptions with_rule(std::shared_ptr<StoppingRule> rule, std::shared_ptr<Store> store = {}) {
  StudyOptions made = options();
  if (store) made.store = std::move(store);
  made.stopping_rules = {std::move(rule)};
  return made;
}

}  // namespace

TEST_CASE("a rule's action answers the report that called for it and names the reason") {
  const auto rule = std::make_shared<ScriptedRule>(stop_above_one);
  Study study(with_rule(rule));
  const Asked first = study.ask();
  const Asked second = study.ask();
  CHECK(study.report(*first, 1, {{"loss", 0.5}}) == Decision::keep_going);
  CHECK(study.report(*first, 2, {{"loss", 1.5}}) == Decision::stop);
  CHECK(study.report(*second, 1, {{"loss", 0.5}}) == Decision::keep_going);
  CHECK(study.view().stop_requested(first->trial));
  CHECK_FALSE(study.view().stop_requested(second->trial));
  study.tell(*first, {.outcome = Outcome::stopped, .reason = "asked to stop"});
  CHECK(study.view().trial(first->trial).reason == "scripted: above one");
  CHECK(rule->fed == study.view().prefix());
}

TEST_CASE("a rule stops a trial once, and none that has ended") {
  std::vector<Action> always = {{.trial = 0, .reason = "always"}};
  Study study(with_rule(std::make_shared<ScriptedRule>([&](const Event&) { return always; })));
  const Asked run = study.ask();
  const Sequence asked = study.view().prefix();
  CHECK(study.view().stop_requested(run->trial));
  CHECK(study.report(*run, 1, {{"loss", 1}}) == Decision::stop);
  CHECK(study.view().prefix() == asked + 1);
  study.tell(*run, 1.0);
  CHECK(study.view().trial(0).state == TrialState::completed);
  const Sequence told = study.view().prefix();
  study.enqueue({{"x", std::int64_t{1}}});
  CHECK(study.view().prefix() == told + 1);
}

TEST_CASE("a rule may stop the study") {
  Study study(with_rule(std::make_shared<ScriptedRule>([](const Event& event) {
    std::vector<Action> actions;
    if (event.kind == EventKind::finished) {
      actions.push_back({.kind = Action::Kind::stop_study, .reason = "good enough"});
    }
    return actions;
  })));
  const Asked first = study.ask();
  study.tell(*first, 1.0);
  CHECK(study.ask().reason() == NothingNow::budget_spent);
  CHECK(study.view().stop_requested() == "scripted: good enough");
}

TEST_CASE("a rule hears what other processes write, and every event once") {
  const auto store = open_store("memory:");
  const auto rule = std::make_shared<ScriptedRule>(stop_above_one);
  Study ours(with_rule(rule, store));
  StudyOptions other = options();
  other.store = store;
  Study theirs(other);
  const Asked run = theirs.ask();
  CHECK(theirs.report(*run, 1, {{"loss", 2}}) == Decision::keep_going);
  ours.refresh();
  CHECK(rule->fed == ours.view().prefix());
  CHECK(theirs.report(*run, 2, {{"loss", 2}}) == Decision::stop);
}

TEST_CASE("opening a study feeds its rules the log, and writes nothing") {
  const auto store = open_store("memory:");
  StudyOptions without = options();
  without.store = store;
  Study study(without);
  const Asked run = study.ask();
  study.report(*run, 1, {{"loss", 2}});
  const Sequence before = study.view().prefix();

  const auto rule = std::make_shared<ScriptedRule>(stop_above_one);
  Study again(with_rule(rule, store));
  CHECK(rule->fed == before);
  CHECK(again.view().prefix() == before);
  CHECK(again.report(*run, 1, {{"loss", 2}}) == Decision::keep_going);  // nothing new
  CHECK(again.report(*run, 2, {{"loss", 2}}) == Decision::stop);
}

TEST_CASE("a rule that breaks its contract is named, and the report is kept") {
  const std::vector<Action> bad = {{.trial = 0}, {.trial = 5, .reason = "why not"}};
  for (const Action& action : bad) {
    Study study(with_rule(std::make_shared<ScriptedRule>([&](const Event& event) {
      std::vector<Action> actions;
      if (event.kind == EventKind::reported) actions.push_back(action);
      return actions;
    })));
    const Asked run = study.ask();
    try {
      study.report(*run, 1, {{"loss", 0.5}});
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::invalid_argument);
      CHECK(std::string(error.what()).find("stopping rule \"scripted\"") != std::string::npos);
    }
    CHECK(study.view().trial(0).reports.size() == 1);
  }
  CHECK_THROWS_AS(Study(with_rule(nullptr)), Error);
}
