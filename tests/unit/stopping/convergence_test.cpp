#include "study_course.hpp"
#include "support/catch.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {

using test::one_loss;
using test::StudyCourse;

namespace {

constexpr Outlook far{.expected_gain = 1, .regret_bound = 10, .noise = 0};

}  // namespace

TEST_CASE("convergence: a small regret bound, some times in a row, ends the study") {
  StudyCourse course(one_loss(),
                     convergence_rule({.tolerance = 0.5, .patience = 3, .min_trials = 2}));
  const Outlook near{.expected_gain = 0.01, .regret_bound = 0.5};
  CHECK_FALSE(course.complete(5, near));  // too early to count
  CHECK_FALSE(course.complete(4, near));
  CHECK_FALSE(course.complete(4, near));
  CHECK_FALSE(course.complete(4, near));
  CHECK_FALSE(course.complete(4, far));  // once more from the beginning
  CHECK_FALSE(course.complete(4, near));
  CHECK_FALSE(course.complete(4, near));
  const std::string reason =
      "no configuration is likely to be better than the best by more than 0.5, and a further trial "
      "is expected to gain 0.01; the tolerance is 0.5";
  CHECK(course.complete(4, near) == reason);
  CHECK(course.begin_session() == reason);
}

TEST_CASE("convergence: the bound and the expected gain have to be small") {
  StudyCourse course(one_loss(),
                     convergence_rule({.tolerance = 1, .patience = 1, .min_trials = 2}));
  course.complete(5);
  course.complete(4);
  CHECK_FALSE(course.complete(4, Outlook{.expected_gain = 0.021, .regret_bound = 1}));
  CHECK_FALSE(course.complete(4, Outlook{.expected_gain = 0.02, .regret_bound = 1.01}));
  CHECK(course.complete(4, Outlook{.expected_gain = 0.0123456, .regret_bound = 0.987654}) ==
        "no configuration is likely to be better than the best by more than 0.988, and a further "
        "trial is expected to gain 0.0123; the tolerance is 1");
}

TEST_CASE("convergence: by default the tolerance is a share of what was gained") {
  const Goal goal = GENERATE(Goal::minimize, Goal::maximize);
  const double sign = goal == Goal::minimize ? 1 : -1;
  StudyCourse course(one_loss(goal), convergence_rule({.patience = 1, .min_trials = 3}));
  for (const double loss : {30., 10., 20.}) course.complete(sign * loss);
  course.complete(-sign * 80.);  // 100 better than the median of the first three
  CHECK_FALSE(course.complete(0, Outlook{.expected_gain = 0.01, .regret_bound = 1.01}));
  CHECK(course.complete(0, Outlook{.expected_gain = 0.01, .regret_bound = 0.99}));
}

TEST_CASE("convergence: a bound within the noise is enough, an expected gain within it is not") {
  StudyCourse course(one_loss(),
                     convergence_rule({.tolerance = 0, .patience = 1, .min_trials = 2}));
  course.complete(5);
  course.complete(4);
  CHECK_FALSE(
      course.complete(4, Outlook{.expected_gain = 0.001, .regret_bound = 0.6, .noise = 0.5}));
  CHECK(course.complete(4, Outlook{.expected_gain = 0.1, .regret_bound = 0.4, .noise = 0.5}) ==
        "no configuration is likely to be better than the best by more than 0.4; the noise of one "
        "evaluation is 0.5");
}

TEST_CASE("convergence: while noise may be all there is, being within it says nothing") {
  StudyCourse course(one_loss(), convergence_rule({.patience = 1, .min_trials = 2}));
  course.complete(5);
  course.complete(4);  // better by 1; noise alone may make the best of two so by 1.18 of it
  CHECK_FALSE(course.complete(5, Outlook{.expected_gain = 1, .regret_bound = 0, .noise = 0.9}));
  CHECK(course.complete(5, Outlook{.expected_gain = 1, .regret_bound = 0, .noise = 0.59}));
}

TEST_CASE("convergence: suggestions made at the same knowledge count once") {
  StudyCourse course(one_loss(),
                     convergence_rule({.tolerance = 1, .patience = 3, .min_trials = 2}));
  course.complete(5);
  course.complete(4);
  for (int round = 0; round < 3; ++round) {
    std::vector<TrialId> trials;
    for (int i = 0; i < 4; ++i) trials.push_back(course.begin(Outlook{.regret_bound = 0.5}));
    for (const TrialId trial : trials) {
      const auto reason = course.end(trial, Outcome::completed, {{"loss", 4.0}});
      CHECK(reason.has_value() == (round == 2));
    }
  }
}

TEST_CASE("convergence: without outlooks it never acts, and those without do not count") {
  StudyCourse course(one_loss(),
                     convergence_rule({.tolerance = 1, .patience = 2, .min_trials = 2}));
  for (int i = 0; i < 50; ++i) CHECK_FALSE(course.complete(4));
  CHECK_FALSE(course.complete(4, Outlook{}));
  CHECK_FALSE(course.complete(4));
  CHECK(course.complete(4, Outlook{}));
}

TEST_CASE("convergence: failed trials are no trials to judge by") {
  StudyCourse course(one_loss(), convergence_rule({.patience = 1, .min_trials = 2}));
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(course.end(course.begin(Outlook{}), Outcome::failed, {{"loss", 1.0}}));
  course.complete(3, Outlook{});
  course.complete(2, Outlook{});
  CHECK(course.complete(1, Outlook{}));
}

TEST_CASE("convergence: huge values") {
  StudyCourse course(one_loss(), convergence_rule({.patience = 1, .min_trials = 2}));
  course.complete(1.7e308);
  course.complete(-1.7e308);
  CHECK_FALSE(course.complete(0, Outlook{.expected_gain = 1e308, .regret_bound = 1e308}));
  CHECK(course.complete(0, Outlook{.expected_gain = 1e304, .regret_bound = 1e306}));
}

TEST_CASE("convergence: unusable options are refused, all at once") {
  try {
    convergence_rule({.tolerance = -1, .patience = 0, .min_trials = 1});
    FAIL("accepted");
  } catch (const Error& error) {
    REQUIRE(error.mistakes().size() == 3);
    CHECK(error.mistakes()[0].path == "/tolerance");
    CHECK(error.mistakes()[1].path == "/patience");
    CHECK(error.mistakes()[2].path == "/min_trials");
  }
  CHECK(make_stopping_rule("convergence", R"({"tolerance": 0.1, "patience": 2})")->name() ==
        "convergence");
  CHECK_THROWS_AS(make_stopping_rule("convergence", R"({"patience": 0})"), Error);
}

}  // namespace tunesmith
