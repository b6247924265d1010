#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "rule_course.hpp"
#include "stopping/running_quantile.hpp"

namespace tunesmith {
namespace {

using test::RuleCourse;

/// By sorting, with linear interpolation.
double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const double position = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const double part = position - static_cast<double>(below);
  if (part == 0) return values[below];
  return values[below] * (1 - part) + values[below + 1] * part;
}

}  // namespace

TEST_CASE("running quantile: as that of the sorted values, after each value") {
  RandomStream dice(1, 0, "quantile");
  for (const double share : {0.0, 0.1, 0.25, 0.5, 0.77, 1.0}) {
    RunningQuantile running(share);
    std::vector<double> values;
    for (int i = 0; i < 300; ++i) {
      values.push_back(dice.below(4) == 0 ? static_cast<double>(dice.below(3)) : dice.uniform());
      running.add(values.back());
      REQUIRE(running.size() == values.size());
      REQUIRE(running.value() == quantile(values, share));
    }
  }
}

TEST_CASE("percentile: a trial has to be among the best so many percent") {
  RuleCourse course(percentile_rule({.percentile = 25, .min_trials = 5}));
  for (const double loss : {5.0, 1.0, 4.0, 2.0, 3.0}) course.complete({loss});
  const TrialId trial = course.begin();
  CHECK(course.report(trial, 1, 2).empty());  // the quarter of 1 2 3 4 5
  const auto actions = course.report(trial, 1, 2.5);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].trial == trial);
  CHECK(actions[0].reason == "loss 2.5 at 1 is worse than the best 25 %, from 2 of 5 trials");
  course.complete({1});  // 1 1 2 3 4 5: 1.25
  CHECK(course.report(trial, 1, 1.25).empty());
  CHECK(course.report(trial, 1, 1.3).size() == 1);
}

TEST_CASE("percentile: bigger is better where the objective says so") {
  RuleCourse course(percentile_rule({.percentile = 25, .min_trials = 5}),
                    test::loss_problem(Goal::maximize));
  for (const double score : {5.0, 1.0, 4.0, 2.0, 3.0}) course.complete({score});
  const TrialId trial = course.begin();
  CHECK(course.report(trial, 1, 4).empty());
  CHECK(course.report(trial, 1, 3.9).size() == 1);
}

TEST_CASE("percentile: with 50 it answers as median does") {
  RuleCourse half(percentile_rule({.percentile = 50, .min_trials = 3}));
  RuleCourse median(median_rule({.min_trials = 3}));
  RandomStream dice(2, 0, "curves");
  int stops = 0;
  for (int i = 0; i < 40; ++i) {
    const TrialId a = half.begin();
    const TrialId b = median.begin();
    for (int level = 1; level <= 6; ++level) {
      const double value = dice.uniform() + 1.0 / level;
      const auto one = half.report(a, level, value);
      const auto other = median.report(b, level, value);
      REQUIRE(one.size() == other.size());
      if (!one.empty()) CHECK(one[0].reason == other[0].reason);
      stops += static_cast<int>(one.size());
    }
    half.end(a);
    median.end(b);
  }
  CHECK(stops > 20);
}

TEST_CASE("percentile: unusable options are refused") {
  CHECK(test::refused([] {
          percentile_rule({.percentile = 0, .min_trials = 0, .min_levels = 0});
        }) == std::vector<std::string>{"/percentile", "/min_trials", "/min_levels"});
  CHECK(test::refused([] { percentile_rule({.percentile = 100}); }).size() == 1);
  CHECK(test::refused([] { percentile_rule({.percentile = std::nan("")}); }).size() == 1);
}

}  // namespace tunesmith
