#include <cmath>

#include "rule_course.hpp"

namespace tunesmith {

using test::RuleCourse;

TEST_CASE("patience: so many levels without improvement end a trial") {
  RuleCourse course(patience_rule({.levels = 3}));
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {5, 4, 4.5, 4}).empty());
  const auto actions = course.report(trial, 5, 4.1);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].kind == Action::Kind::stop_trial);
  CHECK(actions[0].trial == trial);
  CHECK(actions[0].reason == "loss has not improved on 4 at 2 for 3 levels");
  CHECK(course.report(trial, 6, 3.9).empty());
}

TEST_CASE("patience: only a difference of min_delta is an improvement") {
  RuleCourse course(patience_rule({.levels = 2, .min_delta = 0.5}));
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {3, 2.5, 2.25}).empty());  // 2.25 is too little, 2.5 is not
  CHECK(course.report(trial, 4, 2.25).size() == 1);
  CHECK(course.report(trial, 4, 2).empty());  // the level again, this time well
}

TEST_CASE("patience: bigger is better where the objective says so") {
  RuleCourse course(patience_rule({.levels = 2}), test::loss_problem(Goal::maximize));
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {1, 2, 3, 2}).empty());
  const auto actions = course.report(trial, 5, 3);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].reason == "loss has not improved on 3 at 3 for 2 levels");
}

TEST_CASE("patience: levels count by their order, each once, whenever they are reported") {
  RuleCourse course(patience_rule({.levels = 3}));
  const TrialId trial = course.begin();
  CHECK(course.report(trial, 1, 4).empty());
  CHECK(course.report(trial, 4, 5).empty());
  CHECK(course.report(trial, 4, 5.5).empty());
  CHECK(course.report(trial, 4, 5).empty());
  CHECK(course.report(trial, 2, 5).empty());
  CHECK(course.report(trial, 3, 5).size() == 1);  // the third without improvement
  CHECK(course.report(trial, 3, 1).empty());      // corrected
  CHECK(course.report(trial, 5, 2).empty());
}

TEST_CASE("patience: a preempted trial goes on where it was, and others do not count") {
  RuleCourse course(patience_rule({.levels = 2}));
  const TrialId trial = course.begin();
  const TrialId other = course.begin();
  CHECK(course.report_all(trial, {1, 2}).empty());
  course.preempt(trial);
  CHECK(course.report(trial, 2, 2).empty());  // again, by the second attempt
  CHECK(course.report(other, 3, 2).empty());
  CHECK(course.report(trial, 3, std::nan("")).empty());
  CHECK(course.report(trial, 3, 2, "accuracy").empty());
  CHECK(course.report(trial, 3, 2).size() == 1);
}

TEST_CASE("patience: a paused trial goes on where it was, too") {
  RuleCourse course(patience_rule({.levels = 2}));
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {1, 2}).empty());
  course.pause(trial);
  CHECK(course.report(trial, 3, 2).size() == 1);
}

TEST_CASE("patience: unusable options are refused") {
  CHECK(test::refused([] { patience_rule({.levels = 0, .min_delta = -1}); }) ==
        std::vector<std::string>{"/levels", "/min_delta"});
}

}  // namespace tunesmith
