// Strategies with one bug each: the kit must see each of them.
#include <atomic>
#include <cmath>
#include <functional>
#include <stdexcept>

#include "conformance/broken.hpp"
#include "tunesmith/search.hpp"

using namespace tunesmith;

namespace {

using Answer = std::vector<Suggestion>;
/// What a bug makes of a random search's answer.
using Bug = std::function<void(const StudyView& view, int count, Answer& answer)>;

class BuggySearch final : public SearchStrategy {
 public:
  explicit BuggySearch(Bug bug) : bug_(std::move(bug)) {}
  std::string name() const override { return "buggy"; }
  Answer suggest(const StudyView& view, int count) override {
    Answer answer = inner_->suggest(view, count);
    bug_(view, count, answer);
    return answer;
  }

 private:
  Bug bug_;
  std::shared_ptr<SearchStrategy> inner_ = random_search();
};

testing::Conformance check(const Bug& bug) {
  return testing::check_strategy(
      {.make = [&] { return std::make_shared<BuggySearch>(bug); }, .longest_history = 2000});
}

/// Whether any trial of the view has such a metric.
bool any_metric(const StudyView& view, const std::function<bool(double)>& is_such) {
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    for (const auto& [name, value] : view.trial(id).metrics) {
      if (is_such(value)) return true;
    }
  }
  return false;
}

Bug every(const std::function<void(Suggestion&)>& change) {
  return [change](const StudyView&, int, Answer& answer) {
    for (Suggestion& suggestion : answer) change(suggestion);
  };
}

void set(Suggestion& suggestion, const std::string& name, const Value& value) {
  if (suggestion.configuration.contains(name)) suggestion.configuration.set(name, value);
}

const std::string lies = "suggestions lie in the space and keep its constraints";
const std::string twice = "no configuration comes twice";
const std::string equal = "equal views give equal suggestions, also from a fresh instance";

}  // namespace

TEST_CASE("strategies: the kit keeps quiet about one that is right") {
  const auto result = check([](const StudyView&, int, Answer&) {});
  INFO(result.report());
  CHECK(result.holds());
  CHECK(result.checks.size() > 15);
}

TEST_CASE("strategies: configurations that are none of the space's are caught") {
  // Out of bounds by a rounding error.
  CHECK(
      caught(check(every([](Suggestion& s) { set(s, "dropout", std::nextafter(0.5, 1)); })), lies));
  // A float where an int belongs.
  CHECK(caught(check(every([](Suggestion& s) { set(s, "layers", 3.0); })), lies));
  // An unknown choice.
  CHECK(
      caught(check(every([](Suggestion& s) { set(s, "optimizer", std::string("lion")); })), lies));
  // A broken constraint, each value within its range.
  CHECK(caught(check(every([](Suggestion& s) {
                 set(s, "layers", std::int64_t{8});
                 set(s, "dropout", 0.45);
               })),
               lies));
  // An inactive parameter.
  CHECK(caught(check(every([](Suggestion& s) {
                 const Value* model = s.configuration.find("model");
                 if (model != nullptr && *model == Value("linear")) {
                   s.configuration.set("depth", std::int64_t{3});
                 }
               })),
               lies));
  // A missing parameter.
  CHECK(caught(check(every([](Suggestion& s) {
                 Configuration less;
                 for (const auto& [name, value] : s.configuration.values()) {
                   if (name != "momentum") less.set(name, value);
                 }
                 s.configuration = less;
               })),
               lies));
}

TEST_CASE("strategies: repetitions are caught") {
  CHECK(caught(check([](const StudyView& view, int, Answer& answer) {
                 if (view.size() > 6 && !answer.empty())
                   answer[0].configuration = view.trial(2).configuration;
               }),
               twice));
  CHECK(caught(check([](const StudyView&, int, Answer& answer) {
                 if (answer.size() > 1) answer[1].configuration = answer[0].configuration;
               }),
               twice));
  // Says that a new one is a replicate.
  CHECK(caught(check([](const StudyView& view, int, Answer& answer) {
                 if (view.size() > 3 && !answer.empty()) answer[0].replicate_of = 1;
               }),
               twice));
  // Forgets what others have put in.
  CHECK(caught(check([](const StudyView& view, int, Answer& answer) {
                 for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
                   if (view.trial(id).origin != Origin::enqueued || answer.empty()) continue;
                   answer[0].configuration = view.trial(id).configuration;
                 }
               }),
               "what was enqueued is not proposed again"));
}

TEST_CASE("strategies: answers that depend on more than the view are caught") {
  // A generator of its own.
  std::atomic<int> calls = 0;
  CHECK(caught(check([&](const StudyView&, int, Answer& answer) {
                 for (Suggestion& suggestion : answer) suggestion.state = std::to_string(++calls);
               }),
               equal));
  // The instance's memory.
  CHECK(
      caught(testing::check_strategy({.make =
                                          [] {
                                            auto seen = std::make_shared<std::size_t>(0);
                                            return std::make_shared<BuggySearch>(
                                                [seen](const StudyView& view, int, Answer& answer) {
                                                  if (++*seen % 3 == 0 && view.size() > 4)
                                                    answer.resize(1);
                                                });
                                          }}),
             equal));
  // The order in which trials ended.
  CHECK(caught(check([](const StudyView& view, int, Answer& answer) {
                 TrialId last = 0;
                 for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
                   if (view.trial(id).ended > view.trial(last).ended) last = id;
                 }
                 for (Suggestion& suggestion : answer) suggestion.state = std::to_string(last);
               }),
               "the order in which trials end does not matter"));
}

TEST_CASE("strategies: those that do not outlive their process are caught") {
  const std::string goes_on = "a study that is stopped anywhere goes on as it would have";
  const std::string recomputed = "what was suggested can be recomputed from the log's prefix";
  // The number of attempts, which interruptions raise.
  CHECK(caught(check([](const StudyView& view, int, Answer& answer) {
                 for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
                   for (Suggestion& s : answer) s.state += std::to_string(view.trial(id).attempt);
                 }
               }),
               goes_on));
  // What the instance has suggested so far.
  CHECK(caught(testing::check_strategy({.make =
                                            [] {
                                              auto made = std::make_shared<int>(0);
                                              return std::make_shared<BuggySearch>(
                                                  [made](const StudyView&, int, Answer& answer) {
                                                    for (Suggestion& s : answer)
                                                      s.note = std::to_string(++*made);
                                                  });
                                            }}),
               recomputed));
  // A study refuses what cannot be run.
  CHECK(caught(check(every([](Suggestion& s) { s.until = 0; })), goes_on));
  CHECK(caught(check(every([](Suggestion& s) { s.until = 0; })), lies));
}

TEST_CASE("strategies: too many, too few and none are caught") {
  CHECK(caught(check([](const StudyView& view, int, Answer& answer) {
                 answer = random_search()->suggest(view, static_cast<int>(answer.size()) + 1);
               }),
               "gives at most as many as asked for"));
  CHECK(caught(check([](const StudyView& view, int, Answer& answer) {
                 if (view.size() >= 30) answer.clear();
               }),
               "a finite space is worked through, then exhausted"));
  CHECK(caught(check([](const StudyView& view, int, Answer& answer) {
                 if (view.size() >= 5) answer.clear();
               }),
               "bears floats, ints, choices and a constraint"));
}

TEST_CASE("strategies: those that cannot bear what happens are caught") {
  const auto refuse_metric = [](const std::function<bool(double)>& is_such) {
    return [is_such](const StudyView& view, int, Answer&) {
      if (any_metric(view, is_such)) throw std::domain_error("a value that does not suit");
    };
  };
  CHECK(caught(check(refuse_metric([](double x) { return std::isnan(x); })),
               "bears trials that all fail"));
  CHECK(caught(check(refuse_metric([](double x) { return std::abs(x) > 1e200; })),
               "bears values up to 1e300"));
  CHECK(caught(check([](const StudyView& view, int, Answer&) {
                 if (view.count(TrialState::lost) > 0) throw std::out_of_range("no value");
               }),
               "bears trials that end in every way"));
  CHECK(caught(check([](const StudyView& view, int, Answer&) {
                 if (view.problem().space.dimension() > 64) throw std::length_error("too wide");
               }),
               "bears 100 parameters"));
  CHECK(caught(check([](const StudyView& view, int, Answer&) {
                 for (const Parameter& parameter : view.problem().space.parameters()) {
                   if (parameter.cardinality() == 1U) throw std::domain_error("empty range");
                 }
               }),
               "bears one-value parameters"));
  CHECK(caught(check(every([](Suggestion& suggestion) {
                 const Value* huge = suggestion.configuration.find("huge");
                 if (huge != nullptr && std::abs(std::get<double>(*huge)) > 1e299) {
                   throw std::overflow_error("too large");
                 }
               })),
               "bears ranges at the ends of what numbers can be"));
  CHECK(caught(check([](const StudyView& view, int, Answer&) {
                 if (view.size() > 1000) throw std::length_error("too long");
               }),
               "bears a history of 2000 trials"));
}
