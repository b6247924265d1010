#include "tunesmith/health.hpp"

#include <cmath>
#include <limits>

#include "rule_course.hpp"

namespace tunesmith {
namespace {

using test::RuleCourse;
constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("loss not decreasing: it has to fall by so much in so many steps") {
  RuleCourse course(loss_not_decreasing_rule({.num_steps = 4, .diff_percent = 10}));
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {100, 100, 100, 100}).empty());
  CHECK(course.report(trial, 5, 90).empty());         // 10 % below level 1
  CHECK(course.report(trial, 8, 94).empty());         // the next check is at 9
  const auto actions = course.report(trial, 10, 82);  // 8.9 % below level 5
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].trial == trial);
  CHECK(actions[0].reason == "loss went from 90 at 5 to 82 at 10, less than 10 % the right way");
}

TEST_CASE("loss not decreasing: a rise is told at once") {
  RuleCourse course(loss_not_decreasing_rule());
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {100, 103, 105}).empty());
  const auto actions = course.report(trial, 4, 106);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].reason == "loss went from 100 at 1 to 106 at 4, more than 5 % the wrong way");
}

TEST_CASE("loss not decreasing: an objective that is maximised has to rise") {
  RuleCourse course(loss_not_decreasing_rule({.num_steps = 2, .action = Action::Kind::notify}),
                    test::loss_problem(Goal::maximize));
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {0.5, 0.5, 0.6, 0.6}).empty());
  const auto actions = course.report(trial, 5, 0.6);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].kind == Action::Kind::notify);
  CHECK(course.report(trial, 6, 0.5).size() == 1);
}

TEST_CASE("loss not decreasing: of a metric by name, with late levels in their place") {
  RuleCourse course(loss_not_decreasing_rule({.metric = "train", .num_steps = 3}));
  const TrialId trial = course.begin();
  CHECK(course.report(trial, 1, 5, "train").empty());
  CHECK(course.report(trial, 9, 5).empty());
  CHECK(course.report(trial, 6, 4, "train").empty());
  CHECK(course.report(trial, 7, 4, "train").empty());
  // Now 7 is held against 4, and no longer has 6 to wait for.
  CHECK(course.report(trial, 4, 4, "train").size() == 1);
  CHECK(course.report(trial, 7, std::nan(""), "train").empty());
}

TEST_CASE("overfit: validation may be worse by a share of training, so many times in a row") {
  RuleCourse course(overfit_rule({.train_metric = "train",
                                  .validation_metric = "val",
                                  .start_step = 2,
                                  .patience = 2,
                                  .ratio_threshold = 0.5}));
  const TrialId trial = course.begin();
  const auto both = [&](double level, double train, double validation) {
    course.report(trial, level, train, "train");
    return course.report(trial, level, validation, "val");
  };
  CHECK(both(1, 1, 9).empty());
  CHECK(both(2, 1, 1.75).empty());
  CHECK(both(3, 1, 1.5).empty());  // not above
  CHECK(both(4, 1, 1.75).empty());
  CHECK(course.report(trial, 5, 9, "val").empty());  // nothing to hold it against
  const auto actions = both(6, 2, 3.5);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].reason == "val is worse than train by 75 % of it, at 2 levels in a row");
}

TEST_CASE("overfit: a score is worse where it is smaller; the order of the two does not matter") {
  RuleCourse course(overfit_rule({.train_metric = "train", .action = Action::Kind::stop_study}),
                    test::loss_problem(Goal::maximize));
  const TrialId trial = course.begin();
  CHECK(course.report(trial, 1, 0.5).empty());
  CHECK(course.report(trial, 1, 0.4, "train").empty());
  CHECK(course.report(trial, 2, 0.5).empty());
  const auto actions = course.report(trial, 2, 0.9, "train");
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].kind == Action::Kind::stop_study);
  CHECK(actions[0].reason == "loss is worse than train by 44.4 % of it, at 1 level");
}

TEST_CASE("overtraining: training goes on though one of the losses stands still") {
  RuleCourse course(overtraining_rule(
      {.train_metric = "train", .patience_train = 2, .patience_validation = 3, .delta = 0.1}));
  const TrialId trial = course.begin();
  CHECK(course.report_all(trial, {5, 4, 3.95, 3.95}).empty());
  const auto actions = course.report(trial, 5, 4);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].reason == "loss has not improved on 4 at 2 for 3 levels");
  const TrialId other = course.begin();
  CHECK(course.report(other, 1, 1, "train").empty());
  CHECK(course.report(other, 2, 1, "train").empty());
  CHECK(course.report(other, 3, 1, "train").size() == 1);
  CHECK(course.report(other, 9, 1, "norm").empty());
}

TEST_CASE("exploding tensor: NaN, infinities and large norms") {
  RuleCourse any(exploding_tensor_rule());
  const TrialId trial = any.begin();
  CHECK(any.report(trial, 1, 1e300, "norm").empty());
  CHECK(any.report(trial, 2, std::nan(""), "norm").size() == 1);
  CHECK(any.report(trial, 2, -infinity).size() == 1);

  RuleCourse norm(exploding_tensor_rule({.metric = "norm", .threshold = 10}));
  norm.begin();
  CHECK(norm.report(0, 1, infinity).empty());
  CHECK(norm.report(0, 1, -10, "norm").empty());
  CHECK(norm.report(0, 1, -10.5, "norm")[0].reason == "norm -10.5 at 1 is above 10");
  CHECK(norm.report(0, 1, infinity, "norm")[0].reason == "norm inf at 1 is not finite");

  RuleCourse nan(exploding_tensor_rule({.only_nan = true}));
  nan.begin();
  CHECK(nan.report(0, 1, infinity).empty());
  CHECK(nan.report(0, 1, std::nan(""))[0].reason == "loss nan at 1 is no number");
}

TEST_CASE("vanishing gradient, dead ReLU, saturated activation: bounds of a metric") {
  RuleCourse gradient(vanishing_gradient_rule({.metric = "gradient"}));
  gradient.begin();
  CHECK(gradient.report(0, 1, -2e-7, "gradient").empty());
  CHECK(gradient.report(0, 1, 0).empty());
  CHECK(gradient.report(0, 1, std::nan(""), "gradient").empty());
  CHECK(gradient.report(0, 1, -5e-8, "gradient")[0].reason ==
        "gradient -5e-08 at 1 is below 1e-07");

  for (const bool dead : {true, false}) {
    RuleCourse share(dead ? dead_relu_rule({.metric = "share"})
                          : saturated_activation_rule({.metric = "share"}));
    share.begin();
    CHECK(share.report(0, 1, 50, "share").empty());
    CHECK(share.report(0, 1, 51, "share").size() == 1);
    CHECK(share.report(0, 1, 51).empty());
  }
}

TEST_CASE("stalled training: a running trial that reports nothing for a time") {
  RuleCourse course(stalled_training_rule({.threshold = Seconds(60)}));
  CHECK(course.at(0).empty());
  const TrialId quick = course.begin();
  const TrialId silent = course.begin();
  CHECK(course.at(100).empty());  // they may have begun just now
  CHECK(course.at(159).empty());
  course.report(quick, 1, 1, "anything");
  const auto actions = course.at(160);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].trial == silent);
  CHECK(actions[0].kind == Action::Kind::stop_trial);
  CHECK(actions[0].reason == "no report for 60 s");
  course.end(silent, Outcome::stopped);
  CHECK(course.at(219).empty());
  CHECK(course.at(220).size() == 1);
  course.preempt(quick);
  CHECK(course.at(300).empty());
  CHECK(course.at(330).empty());
  course.begin_session();
  CHECK(course.at(1000).empty());
  CHECK(course.at(1060).size() == 1);
}

TEST_CASE("health rules: unusable options are refused, all at once") {
  using Paths = std::vector<std::string>;
  using test::refused;
  CHECK(refused([] {
          loss_not_decreasing_rule(
              {.num_steps = 0, .diff_percent = -1, .increase_threshold_percent = infinity});
        }) == Paths{"/num_steps", "/diff_percent", "/increase_threshold_percent"});
  CHECK(refused([] {
          overfit_rule({.start_step = infinity, .patience = 0, .ratio_threshold = -1});
        }) == Paths{"/train_metric", "/start_step", "/patience", "/ratio_threshold"});
  CHECK(refused([] {
          overtraining_rule({.patience_train = 0, .patience_validation = 0, .delta = -1});
        }) == Paths{"/patience_train", "/patience_validation", "/delta"});
  CHECK(refused([] { exploding_tensor_rule({.threshold = 0}); }) == Paths{"/threshold"});
  CHECK(refused([] { vanishing_gradient_rule({.threshold = 0}); }) ==
        Paths{"/metric", "/threshold"});
  CHECK(refused([] { dead_relu_rule({.threshold_layer = 101}); }) ==
        Paths{"/metric", "/threshold_layer"});
  CHECK(refused([] { saturated_activation_rule({.threshold_layer = std::nan("")}); }) ==
        Paths{"/metric", "/threshold_layer"});
  CHECK(refused([] { stalled_training_rule({.threshold = Seconds(0)}); }) == Paths{"/threshold"});
}

}  // namespace tunesmith
