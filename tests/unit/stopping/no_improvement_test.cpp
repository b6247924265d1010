#include <limits>

#include "study_course.hpp"
#include "support/catch.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {

using test::one_loss;
using test::StudyCourse;

TEST_CASE("no_improvement: so many trials without a better one end the study") {
  StudyCourse course(one_loss(), no_improvement_rule({.trials = 3}));
  CHECK_FALSE(course.complete(5));
  CHECK_FALSE(course.complete(4));
  CHECK_FALSE(course.complete(4));  // as good is no better
  CHECK_FALSE(course.complete(9));
  CHECK_FALSE(course.complete(3));
  CHECK_FALSE(course.complete(6));
  CHECK_FALSE(course.complete(7));
  CHECK(course.complete(8) == "loss has not improved on the 3 of trial 4 in 3 trials");
}

TEST_CASE("no_improvement: a session that begins ends at once, and a better trial ends that") {
  StudyCourse course(one_loss(Goal::maximize), no_improvement_rule({.trials = 2}));
  CHECK_FALSE(course.begin_session());
  course.complete(0.5);
  const TrialId open = course.begin();
  course.complete(0.4);
  const std::string reason = "loss has not improved on the 0.5 of trial 0 in 2 trials";
  CHECK(course.complete(0.3) == reason);
  CHECK(course.begin_session() == reason);
  // One that ran on meanwhile.
  CHECK_FALSE(course.end(open, Outcome::completed, {{"loss", 0.6}}));
  CHECK_FALSE(course.begin_session());
}

TEST_CASE("no_improvement: trials count however they end, preempted and paused ones when they do") {
  StudyCourse course(one_loss(), no_improvement_rule({.trials = 4}));
  for (int i = 0; i < 5; ++i) CHECK_FALSE(course.end(course.begin(), Outcome::failed));
  course.complete(1);
  CHECK_FALSE(course.end(course.begin(), Outcome::failed, {{"loss", 0.0}}));
  CHECK_FALSE(course.end(course.begin(), Outcome::infeasible));
  const TrialId preempted = course.begin();
  CHECK_FALSE(course.end(preempted, Outcome::preempted));
  CHECK_FALSE(course.end(course.begin(), Outcome::paused));
  CHECK_FALSE(course.end(course.begin(), Outcome::lost));
  course.restart(preempted);
  CHECK(course.end(preempted, Outcome::stopped, {{"loss", 2.0}}));
}

TEST_CASE("no_improvement: small changes count once they add up") {
  StudyCourse course(one_loss(), no_improvement_rule({.trials = 3, .min_change = 0.5}));
  course.complete(10);
  CHECK_FALSE(course.complete(9.75));
  CHECK_FALSE(course.complete(9.5));
  CHECK_FALSE(course.complete(9.25));
  CHECK_FALSE(course.complete(9.25));
  CHECK(course.complete(9.125) == "loss has not improved on the 9.5 of trial 2 in 3 trials");

  StudyCourse relative(one_loss(Goal::maximize),
                       no_improvement_rule({.trials = 2, .min_relative_change = 0.25}));
  relative.complete(-8);
  CHECK_FALSE(relative.complete(-6));
  CHECK_FALSE(relative.complete(-4.75));
  CHECK(relative.complete(-4.75));
}

TEST_CASE("no_improvement: what breaks an outcome constraint and repetitions are no improvement") {
  Problem problem = one_loss();
  problem.constraints = {{.metric = "size", .max = 10}};
  StudyCourse course(problem, no_improvement_rule({.trials = 2}));
  const auto end = [&](TrialId trial, double loss, double size) {
    return course.end(trial, Outcome::completed, {{"loss", loss}, {"size", size}});
  };
  end(course.begin(), 5, 1);
  CHECK_FALSE(end(course.begin(), 1, 11));
  const TrialId again = course.begin({}, TrialId{0});
  CHECK(end(again, 4, 1));
}

TEST_CASE("no_improvement: with several objectives it is the front that improves") {
  Problem problem = one_loss();
  problem.objectives.push_back({.metric = "accuracy", .goal = Goal::maximize});
  StudyCourse course(problem, no_improvement_rule({.trials = 2, .min_change = 0.25}));
  const auto complete = [&](double loss, double accuracy) {
    return course.end(course.begin(), Outcome::completed, {{"loss", loss}, {"accuracy", accuracy}});
  };
  complete(2, 0.5);
  CHECK_FALSE(complete(3, 0.75));
  CHECK_FALSE(complete(3, 0.5));     // beaten
  CHECK_FALSE(complete(1, 0.25));    // another trade-off
  CHECK_FALSE(complete(1.9, 0.55));  // hardly
  CHECK(complete(2, 0.5) == "the front has not improved since trial 3, in 2 trials");
}

TEST_CASE("no_improvement: huge values") {
  StudyCourse course(one_loss(), no_improvement_rule({.trials = 1, .min_relative_change = 0.5}));
  course.complete(1.7e308);
  CHECK_FALSE(course.complete(-1.7e308));
  CHECK(course.complete(-1.6e308));
}

TEST_CASE("no_improvement: unusable options are refused, all at once") {
  try {
    no_improvement_rule({.trials = 0,
                         .min_change = -1,
                         .min_relative_change = std::numeric_limits<double>::quiet_NaN()});
    FAIL("accepted");
  } catch (const Error& error) {
    REQUIRE(error.mistakes().size() == 3);
    CHECK(error.mistakes()[0].path == "/trials");
    CHECK(error.mistakes()[1].path == "/min_change");
    CHECK(error.mistakes()[2].path == "/min_relative_change");
  }
  CHECK_THROWS_AS(make_stopping_rule("no_improvement", R"({"trials": 0})"), Error);
  CHECK(make_stopping_rule("no_improvement", R"({"trials": 5, "min_change": 0.01})")->name() ==
        "no_improvement");
}

}  // namespace tunesmith
