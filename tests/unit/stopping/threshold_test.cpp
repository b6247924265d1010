#include <cmath>
#include <limits>

#include "rule_course.hpp"

namespace tunesmith {

using test::RuleCourse;

TEST_CASE("threshold: values have to stay within the bounds") {
  RuleCourse course(threshold_rule({.lower = -1, .upper = 2}));
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {2, -1, 0}).empty());
  const auto above = course.report(trial, 4, 2.5);
  REQUIRE(above.size() == 1);
  CHECK(above[0].trial == trial);
  CHECK(above[0].reason == "loss 2.5 at 4 is above 2");
  REQUIRE(course.report(trial, 5, -1.5).size() == 1);
  CHECK(course.report(trial, 5, -1.5)[0].reason == "loss -1.5 at 5 is below -1");
  CHECK(course.report(trial, 6, std::nan(""))[0].reason == "loss nan at 6 is no number");
  CHECK(course.report(trial, 6, std::numeric_limits<double>::infinity()).size() == 1);
  CHECK(course.report(trial, 6, 100, "other").empty());
}

TEST_CASE("threshold: of a metric by name, and from a level on") {
  RuleCourse course(threshold_rule({.metric = "norm", .upper = 1, .min_level = 3}));
  const TrialId trial = course.begin();
  CHECK(course.report(trial, 2, 9, "norm").empty());
  CHECK(course.report(trial, 3, 9, "norm").size() == 1);
  CHECK(course.report(trial, 3, -9, "norm").empty());
  CHECK(course.report(trial, 3, 9).empty());
}

TEST_CASE("threshold: without a bound, or with none between the two, there is no rule") {
  CHECK(test::refused([] { threshold_rule(); }) == std::vector<std::string>{"/upper"});
  CHECK(test::refused([] { threshold_rule({.lower = 2, .upper = 1}); }) ==
        std::vector<std::string>{"/lower"});
  CHECK(test::refused([] { threshold_rule({.lower = std::nan(""), .min_level = -run_to_end}); }) ==
        std::vector<std::string>{"/lower", "/min_level"});
  CHECK(test::refused([] { threshold_rule({.lower = 1, .upper = 1}); }).empty());
}

}  // namespace tunesmith
