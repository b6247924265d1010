// Stopping rules with one bug each: the kit must see each of them.
#include <atomic>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "conformance/broken.hpp"
#include "tunesmith/stopping.hpp"

using namespace tunesmith;

namespace {

using News = std::span<const StoredEvent>;
/// What a bug makes of the median rule's answer.
using Bug = std::function<void(const StudyView& view, News news, std::vector<Action>& actions)>;

class BuggyRule final : public StoppingRule {
 public:
  explicit BuggyRule(Bug bug) : bug_(std::move(bug)) {}
  std::string name() const override { return "buggy"; }
  std::vector<Action> on_events(const StudyView& view, News news) override {
    std::vector<Action> actions = inner_->on_events(view, news);
    bug_(view, news, actions);
    return actions;
  }

 private:
  Bug bug_;
  std::shared_ptr<StoppingRule> inner_ = median_rule();
};

testing::Conformance check(const Bug& bug) {
  return testing::check_stopping_rule({.make = [&] { return std::make_shared<BuggyRule>(bug); }});
}

/// An action for each report that a test holds for.
Bug on_reports(const std::function<bool(const StudyView&, const Event&)>& is_such) {
  return [is_such](const StudyView& view, News news, std::vector<Action>& actions) {
    for (const auto& [sequence, event] : news) {
      if (event.kind != EventKind::reported || !is_such(view, event)) continue;
      actions.push_back({.trial = event.trial, .reason = "as the test wants it"});
    }
  };
}

void each(std::vector<Action>& actions, const std::function<void(Action&)>& change) {
  for (Action& action : actions) change(action);
}

const std::string cuts = "answers do not depend on how the log is cut";
const std::string names = "actions name trials that are there, and a reason";
const std::string fresh = "a fresh instance gives the same answers";
const std::string not_finite = "bears values that are not finite";

}  // namespace

TEST_CASE("rules: the kit keeps quiet about one that is right") {
  const auto result = check([](const StudyView&, News, std::vector<Action>&) {});
  INFO(result.report());
  CHECK(result.holds());
  CHECK(result.checks.size() > 10);
}

TEST_CASE("rules: answers that depend on how the log is cut are caught") {
  // Looks at the last event of a stretch only.
  CHECK(caught(check([](const StudyView&, News news, std::vector<Action>& actions) {
                 std::erase_if(actions, [&](const Action& action) {
                   return action.trial != news.back().event.trial;
                 });
               }),
               cuts));
  // Takes the course of trials from the view.
  CHECK(caught(check(on_reports([](const StudyView& view, const Event& event) {
                 return view.trial(event.trial).reports.size() == 2;
               })),
               cuts));
  CHECK(caught(check(on_reports([](const StudyView& view, const Event& event) {
                 return view.trial(event.trial).state == TrialState::completed;
               })),
               cuts));
  CHECK(caught(check(on_reports([](const StudyView& view, const Event& event) {
                 return view.best() && *view.best() != event.trial;
               })),
               cuts));
  // Counts stretches.
  CHECK(caught(testing::check_stopping_rule({.make =
                                                 [] {
                                                   auto calls = std::make_shared<int>(0);
                                                   return std::make_shared<BuggyRule>(
                                                       [calls](const StudyView&, News,
                                                               std::vector<Action>& actions) {
                                                         if (++*calls < 200) actions.clear();
                                                       });
                                                 }}),
               cuts));
  // One action for each stretch.
  CHECK(caught(check([](const StudyView&, News, std::vector<Action>& actions) {
                 if (actions.size() > 1) actions.resize(1);
               }),
               cuts));
}

TEST_CASE("rules: actions that cannot be carried out are caught") {
  CHECK(caught(check([](const StudyView&, News, std::vector<Action>& actions) {
                 each(actions, [](Action& action) { action.reason.clear(); });
               }),
               names));
  CHECK(caught(check([](const StudyView& view, News, std::vector<Action>& actions) {
                 each(actions,
                      [&](Action& action) { action.trial += static_cast<TrialId>(view.size()); });
               }),
               names));
  CHECK(caught(check([](const StudyView&, News, std::vector<Action>& actions) {
                 each(actions, [](Action& action) { action.trial = -1; });
               }),
               names));
}

TEST_CASE("rules: those that are no function of the log are caught") {
  std::atomic<int> made = 0;
  CHECK(caught(testing::check_stopping_rule({.make =
                                                 [&] {
                                                   const int number = ++made;
                                                   return std::make_shared<BuggyRule>(
                                                       [number](const StudyView&, News,
                                                                std::vector<Action>& actions) {
                                                         if (number % 2 == 0) actions.clear();
                                                       });
                                                 }}),
               fresh));
  std::atomic<int> calls = 0;
  CHECK(caught(check([&](const StudyView&, News, std::vector<Action>& actions) {
                 each(actions, [&](Action& action) { action.reason = std::to_string(++calls); });
               }),
               fresh));
  CHECK(caught(check([](const StudyView&, News news, std::vector<Action>& actions) {
                 if (news.empty()) actions.push_back({.trial = 0, .reason = "nothing happened"});
               }),
               "an empty stretch calls for nothing"));
}

TEST_CASE("rules: those that cannot bear what is reported are caught") {
  const auto throw_at = [](const std::function<bool(const Event&)>& is_such) {
    return [is_such](const StudyView&, News news, std::vector<Action>&) {
      for (const auto& [sequence, event] : news) {
        if (is_such(event)) throw std::domain_error("an event that does not suit");
      }
    };
  };
  CHECK(caught(check(throw_at([](const Event& e) { return std::isnan(e.value); })), not_finite));
  CHECK(caught(check(throw_at([](const Event& e) { return std::isinf(e.value); })), not_finite));
  CHECK(caught(check(throw_at([](const Event& e) { return e.kind == EventKind::restarted; })),
               "bears crooked courses"));
  CHECK(caught(check(throw_at([](const Event& e) { return e.metric == "accuracy"; })),
               "bears crooked courses, maximised"));
  CHECK(caught(check(throw_at([](const Event& e) { return e.kind == EventKind::session; })),
               "bears crooked courses"));
  CHECK(caught(check([](const StudyView& view, News, std::vector<Action>&) {
                 if (view.size() == 0) throw std::domain_error("no trials");
               }),
               "an empty log calls for nothing"));
  CHECK(caught(check([](const StudyView& view, News, std::vector<Action>&) {
                 if (view.problem().objectives.size() > 1) throw std::domain_error("one only");
               }),
               "bears two objectives"));
}
