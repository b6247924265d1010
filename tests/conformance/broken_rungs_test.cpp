// Strategies that run trials in pieces, with one bug each: the kit must see each of them.
#include <functional>

#include "conformance/broken.hpp"
#include "support/halving_search.hpp"

using namespace tunesmith;

namespace {

using Answer = std::vector<Suggestion>;
using Bug = std::function<void(const StudyView& view, Answer& answer)>;
using Reaction =
    std::function<std::vector<Action>(const StudyView& view, std::span<const StoredEvent> news)>;

/// Successive halving that also follows events.
class BuggyHalving final : public SearchStrategy {
 public:
  BuggyHalving(Bug bug, Reaction reaction) : bug_(std::move(bug)), reaction_(std::move(reaction)) {}
  std::string name() const override { return "buggy"; }
  Answer suggest(const StudyView& view, int count) override {
    Answer answer = inner_.suggest(view, count);
    if (bug_) bug_(view, answer);
    return answer;
  }
  bool follows_events() const noexcept override { return static_cast<bool>(reaction_); }
  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    return reaction_(view, news);
  }

 private:
  HalvingSearch inner_{{1, 3, 9}, true};
  Bug bug_;
  Reaction reaction_;
};

testing::Conformance check(const Bug& bug, const Reaction& reaction = {}) {
  return testing::check_strategy(
      {.make = [=] { return std::make_shared<BuggyHalving>(bug, reaction); },
       .longest_history = 200});
}

Bug every_resumed(const std::function<void(const StudyView&, Suggestion&)>& change) {
  return [change](const StudyView& view, Answer& answer) {
    for (Suggestion& one : answer) {
      if (one.resume) change(view, one);
    }
  };
}

/// Stops each trial that reports a loss above a bound, one action per such report.
std::vector<Action> stop_poor(const StudyView&, std::span<const StoredEvent> news) {
  std::vector<Action> actions;
  for (const auto& [sequence, event] : news) {
    if (event.kind == EventKind::reported && event.value > 0.9) {
      actions.push_back({.trial = event.trial, .reason = std::to_string(event.value)});
    }
  }
  return actions;
}

const std::string goes_on =
    "trials that run in pieces go on as they would have where the study is stopped";
const std::string recomputed = "pieces of trials can be recomputed from the log's prefix";
const std::string cuts = "what it does about events does not depend on how the log is cut";

}  // namespace

TEST_CASE("rungs: the kit keeps quiet about one that is right") {
  const auto result = check({});
  INFO(result.report());
  CHECK(result.holds());
  const auto following = check({}, stop_poor);
  INFO(following.report());
  CHECK(following.holds());
}

TEST_CASE("rungs: trials that cannot be resumed are caught") {
  const auto any_other = [](const StudyView& view, Suggestion& one) {
    one.resume = (*one.resume + 1) % static_cast<TrialId>(view.size());
  };
  CHECK(caught(check(every_resumed(any_other)), goes_on));
  CHECK(caught(check(every_resumed([](const StudyView&, Suggestion& one) { one.until = 1; })),
               goes_on));
  CHECK(caught(check(every_resumed([](const StudyView& view, Suggestion& one) {
                 one.configuration = view.trial(*one.resume).configuration;
               })),
               goes_on));
}

TEST_CASE("rungs: answers that name a trial twice are caught") {
  CHECK(caught(check([](const StudyView&, Answer& answer) {
                 if (!answer.empty() && answer[0].resume && answer.size() > 1) {
                   answer[1] = answer[0];
                 }
               }),
               recomputed));
}

TEST_CASE("rungs: what an instance remembers is caught") {
  const auto result =
      testing::check_strategy({.make =
                                   [] {
                                     const auto calls = std::make_shared<int>(0);
                                     return std::make_shared<BuggyHalving>(
                                         every_resumed([calls](const StudyView&, Suggestion& one) {
                                           one.note = "promoted " + std::to_string(++*calls);
                                         }),
                                         Reaction{});
                                   },
                               .longest_history = 200});
  CHECK(caught(result, recomputed));
  CHECK(caught(result, goes_on));
}

TEST_CASE("rungs: answers that depend on how the log is cut are caught") {
  CHECK(caught(check({},
                     [](const StudyView& view, std::span<const StoredEvent> news) {
                       auto actions = stop_poor(view, news);
                       if (actions.size() > 1) actions.resize(1);
                       return actions;
                     }),
               cuts));
  CHECK(caught(check({},
                     [](const StudyView& view, std::span<const StoredEvent> news) {
                       auto actions = stop_poor(view, news);
                       for (Action& action : actions) action.reason.clear();
                       return actions;
                     }),
               goes_on));
}
