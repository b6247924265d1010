#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "rule_course.hpp"
#include "stopping/signed_rank.hpp"

namespace tunesmith {
namespace {

using test::RuleCourse;

/// By trying all signs of all differences that are not 0.
double p_by_enumeration(const std::vector<double>& differences) {
  const std::size_t n = differences.size();
  std::vector<double> ranks(n);
  for (std::size_t i = 0; i < n; ++i) {
    double below = 0;
    double equal = 0;
    for (const double other : differences) {
      below += std::abs(other) < std::abs(differences[i]);
      equal += std::abs(other) == std::abs(differences[i]);
    }
    ranks[i] = below + (equal + 1) / 2;
  }
  double observed = 0;
  std::vector<double> free;
  for (std::size_t i = 0; i < n; ++i) {
    if (differences[i] > 0) observed += ranks[i];
    if (differences[i] != 0) free.push_back(ranks[i]);
  }
  const std::size_t choices = std::size_t{1} << free.size();
  std::size_t as_large = 0;
  for (std::size_t choice = 0; choice < choices; ++choice) {
    double sum = 0;
    for (std::size_t i = 0; i < free.size(); ++i) sum += (choice >> i & 1) != 0 ? free[i] : 0;
    as_large += sum >= observed;
  }
  return static_cast<double>(as_large) / static_cast<double>(choices);
}

}  // namespace

TEST_CASE("signed ranks: known values") {
  CHECK(signed_rank_p({}) == 1);
  CHECK(signed_rank_p({0, 0, 0}) == 1);
  CHECK(signed_rank_p({1, 2, 3}) == 0.125);
  CHECK(signed_rank_p({-1, -2, -3}) == 1);
  CHECK(signed_rank_p({1, 2, 3, 4, 5}) == 0.03125);
  // T+ = 14 of 15: the choices with 14 or 15.
  CHECK(signed_rank_p({-1, 2, 3, 4, 5}) == 0.0625);
}

TEST_CASE("signed ranks: exact with ties and zeros, as by trying all signs") {
  RandomStream dice(3, 0, "differences");
  for (int i = 0; i < 200; ++i) {
    std::vector<double> differences(1 + dice.below(11));
    for (double& one : differences) one = static_cast<double>(dice.below(9)) - 3;
    REQUIRE(signed_rank_p(differences) == p_by_enumeration(differences));
  }
}

TEST_CASE("signed ranks: the normal approximation goes on where the exact one ends") {
  std::vector<double> differences;
  for (int i = 1; i <= 30; ++i) differences.push_back(i % 3 == 0 ? -i : i);
  const double exact = signed_rank_p(differences);
  differences.push_back(0.5);
  const double approximate = signed_rank_p(differences);
  CHECK(exact > 0.01);
  CHECK(std::abs(approximate - exact) < 0.02);
}

TEST_CASE("wilcoxon: a trial that is worse on the folds than the best one is stopped") {
  RuleCourse course(wilcoxon_rule());
  const TrialId best = course.complete({1, 2, 3, 4, 5});
  course.complete({2, 3, 4, 5, 9});
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {1.1, 2.2, 3.3}).empty());  // p = 1/8
  const auto actions = course.report(trial, 4, 4.4);         // p = 1/16
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].trial == trial);
  CHECK(actions[0].reason == "loss is worse than that of trial " + std::to_string(best) +
                                 " at 4 levels, which is chance with p = 0.0625");
}

TEST_CASE("wilcoxon: one good fold among bad ones, and a better mean, save a trial") {
  RuleCourse course(wilcoxon_rule());
  course.complete({1, 2, 3, 4, 5});
  const TrialId mixed = course.begin();
  CHECK(course.report_all(mixed, {0.1, 2.2, 3.3, 4.4}).empty());
  // A little worse on twelve folds, and so much better on another that its mean is.
  RuleCourse many(wilcoxon_rule());
  many.complete(std::vector<double>(13, 1.0));
  const TrialId better = many.begin();
  CHECK(many.report(better, 13, -1).empty());
  for (int fold = 1; fold <= 12; ++fold) CHECK(many.report(better, fold, 1.1).empty());
  CHECK(many.report(better, 13, 0.5).size() == 1);
}

TEST_CASE("wilcoxon: only folds that both have are compared, in any order") {
  RuleCourse course(wilcoxon_rule(), test::loss_problem(Goal::maximize));
  const TrialId best = course.begin();
  for (const double fold : {5.0, 2.0, 1.0, 4.0}) course.report(best, fold, 10 * fold);
  course.end(best);
  const TrialId trial = course.begin();
  CHECK(course.report(trial, 3, 0).empty());
  CHECK(course.report(trial, 5, 49).empty());
  CHECK(course.report(trial, 4, 39).empty());
  CHECK(course.report(trial, 2, 19).empty());
  CHECK(course.report(trial, 2, 19).empty());  // again: still three folds in common
  CHECK(course.report(trial, 1, 9).size() == 1);
}

TEST_CASE("wilcoxon: nothing happens before a trial has completed") {
  RuleCourse course(wilcoxon_rule());
  const TrialId failed = course.begin();
  course.report_all(failed, {1, 1, 1, 1, 1});
  course.end(failed, Outcome::failed);
  CHECK(course.report_all(course.begin(), {2, 2, 2, 2, 2}).empty());
  CHECK(test::refused([] { wilcoxon_rule({.p_threshold = 0, .min_levels = 0}); }).size() == 2);
}

}  // namespace tunesmith
