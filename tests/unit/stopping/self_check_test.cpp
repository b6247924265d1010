#include "tunesmith/self_check.hpp"

#include "rule_course.hpp"

namespace tunesmith {
namespace {

using test::RuleCourse;

/// Stops what is above 5 at level 2.
std::shared_ptr<StoppingRule> above_five() { return threshold_rule({.upper = 5, .min_level = 2}); }

/// A completed trial whose value at level 2 is `partial`.
std::vector<Action> complete(RuleCourse& course, double partial, double final) {
  const TrialId trial = course.begin();
  course.report(trial, 2, partial);
  course.report(trial, 3, final);
  return course.end_with(trial, Outcome::completed, final);
}

}  // namespace

TEST_CASE("self-check: a share of the trials to be stopped runs on, others stop as before") {
  RuleCourse course(self_check_rule({above_five()}, {.share = 0.25}));
  int stopped = 0;
  for (int i = 0; i < 400; ++i) {
    const TrialId trial = course.begin();
    const auto first = course.report(trial, 2, 6);
    CHECK(course.report(trial, 3, 6).size() == first.size());  // once decided, always
    if (first.empty()) continue;
    ++stopped;
    CHECK(first[0].trial == trial);
    CHECK(first[0].reason == "threshold: loss 6 at 2 is above 5");
  }
  CHECK(stopped > 270);
  CHECK(stopped < 330);

  RuleCourse all(self_check_rule({above_five()}, {.share = 0}));
  for (int i = 0; i < 100; ++i) CHECK(all.report(all.begin(), 2, 6).size() == 1);
}

TEST_CASE("self-check: nothing is stopped while early values tell nothing of final ones") {
  RuleCourse course(self_check_rule({above_five()}, {.share = 0, .min_trials = 4}));
  CHECK(course.report(course.begin(), 2, 6).size() == 1);
  // The order at level 2 is that of the end, turned round.
  CHECK(complete(course, 1, 4).empty());
  CHECK(complete(course, 2, 3).empty());
  CHECK(complete(course, 3, 2).empty());
  const auto held = complete(course, 4, 1);
  REQUIRE(held.size() == 1);
  CHECK(held[0].kind == Action::Kind::notify);
  CHECK(held[0].trial == -1);
  CHECK(held[0].reason ==
        "nothing is stopped: the rank correlation of loss at 2 and in the end is -1 over 4 trials");
  CHECK(course.report(course.begin(), 2, 6).empty());
  std::vector<Action> again;
  for (int i = 0; i < 40 && again.empty(); ++i) again = complete(course, 0.1 * i, 0.1 * i + 5);
  REQUIRE(again.size() == 1);
  CHECK_THAT(again[0].reason, Catch::Contains("trials are stopped again"));
  CHECK(course.report(course.begin(), 2, 6).size() == 1);
}

TEST_CASE("self-check: what came of trials that ran on is told") {
  RuleCourse course(self_check_rule({above_five()}, {.share = 1}));
  CHECK(complete(course, 1, 3).empty());
  const auto worse = complete(course, 6, 4);
  REQUIRE(worse.size() == 1);
  CHECK(worse[0].kind == Action::Kind::notify);
  CHECK(worse[0].trial == 1);
  CHECK(worse[0].reason ==
        "was to be stopped at 2, ran on and did not become the best: loss 4, the best is 3; 0 of 1 "
        "that ran on became the best");
  const auto better = complete(course, 7, 2);
  REQUIRE(better.size() == 1);
  CHECK(better[0].trial == 2);
  CHECK(better[0].reason ==
        "was to be stopped at 2, ran on and became the best: loss 2 instead of 3; 1 of 2 that ran "
        "on became the best");
}

TEST_CASE("self-check: the rank correlation is told once it is known") {
  RuleCourse course(self_check_rule({above_five()}, {.share = 1, .min_trials = 4}));
  for (int i = 0; i < 4; ++i) complete(course, 6 + i, 6 + i);
  const auto told = complete(course, 11, 11);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0].reason, Catch::EndsWith("0 of 4 that ran on became the best; the rank "
                                             "correlation of early and final values is 1"));
}

TEST_CASE(
    "self-check: the level judged is where trials were to be stopped, not where they ran to") {
  RuleCourse course(self_check_rule({above_five()}, {.share = 1, .min_trials = 4}));
  std::vector<Action> told;
  for (int i = 0; i < 4; ++i) {
    const TrialId trial = course.begin();
    course.report(trial, 2, 6 + i);
    course.report(trial, 3, 20 - i);  // would be stopped here, too, and orders them rightly
    for (Action& action : course.end_with(trial, Outcome::completed, 20 - i)) {
      if (action.trial < 0) told.push_back(std::move(action));
    }
  }
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0].reason, Catch::Contains("of loss at 2 and in the end is -1"));
}

TEST_CASE("self-check: rules that forecast are told from others") {
  for (const char* name : {"median", "percentile", "patience", "extrapolation", "wilcoxon"}) {
    CHECK(is_forecast(name));
  }
  for (const char* name : {"threshold", "convergence", "overfit", ""}) CHECK(!is_forecast(name));
}

TEST_CASE("self-check: unusable options are refused") {
  CHECK(test::refused([] {
          self_check_rule({}, {.share = 2, .least_correlation = -2, .min_trials = 2});
        }) == std::vector<std::string>{"/share", "/least_correlation", "/min_trials", ""});
  CHECK(test::refused([] { self_check_rule({nullptr}); }).size() == 1);
}

}  // namespace tunesmith
