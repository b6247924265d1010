#include "tuner/result.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

Problem two_choices() {
  Problem problem;
  problem.space.add_float("lr", {.min = 0.001, .max = 1, .scale = Scale::log});
  problem.objectives = {{.metric = "accuracy", .goal = Goal::maximize}};
  problem.baseline = Configuration{{"lr", 0.1}};
  return problem;
}

}  // namespace

TEST_CASE("the report names the best, the gain over the baseline and the counts") {
  Study study({.problem = two_choices(), .search = random_search()});
  study.tell(*study.ask(), 0.5);
  const Asked better = study.ask();
  study.tell(*better, 0.75);
  study.fail(*study.ask(), "crashed");
  const TuningResult result{
      .reason = EndReason::trials_spent, .explanation = "3 of 3 trials", .view = study.view()};
  const std::string text = result.report();
  CHECK(text.find("3 of 3 trials") != std::string::npos);
  CHECK(text.find("trial 1: accuracy=0.75") != std::string::npos);
  CHECK(text.find("lr = " + to_text(*better->configuration.find("lr"))) != std::string::npos);
  CHECK(text.find("Gain over the baseline: 0.25") != std::string::npos);
  CHECK(text.find("Trials: 3, completed 2, failed 1") != std::string::npos);
}

TEST_CASE("the report ends with the latest notices") {
  Study study({.problem = two_choices(),
               .search = random_search(),
               .stopping_rules = {exploding_tensor_rule({.action = Action::Kind::notify})}});
  CHECK(TuningResult{.view = study.view()}.report().find("Noticed") == std::string::npos);
  for (int i = 0; i < 12; ++i) {
    const Asked run = study.ask();
    study.report(*run, 1, {{"accuracy", std::nan("")}});
    study.tell(*run, 0.5);
  }
  const std::string text = TuningResult{.view = study.view()}.report();
  CHECK_THAT(text, Catch::Contains("Noticed: (2 earlier ones left out)\n  trial 2: "
                                   "exploding_tensor: accuracy nan at 1"));
  CHECK_THAT(text, Catch::Contains("\n  trial 11: exploding_tensor: "));
  CHECK_THAT(text, !Catch::Contains("trial 1: exploding"));
}

TEST_CASE("a repeated trial is judged by the mean of its repetitions") {
  Study study({.problem = two_choices(), .search = random_search()});
  for (const double value : {0.5, 0.75}) study.tell(*study.ask(), value);
  study.replicate(1);
  study.tell(*study.ask(), 0.25);
  study.set_budget({.target = 0.6});
  CHECK_FALSE(spent_limit(study.view(), Seconds(0)));
  study.replicate(1);
  study.tell(*study.ask(), 1.0);
  CHECK(spent_limit(study.view(), Seconds(0)) == EndReason::target_reached);
  const std::string text = TuningResult{.view = study.view()}.report();
  CHECK(text.find("trial 1: accuracy=0.75\n    repeated; mean accuracy=0.66") != std::string::npos);
  CHECK(text.find("Gain over the baseline: 0.16") != std::string::npos);
}

TEST_CASE("limits are recognised in the order that a reader would name them") {
  Study study({.problem = two_choices(), .search = random_search()});
  CHECK_FALSE(spent_limit(study.view(), Seconds(100)));
  study.tell(*study.ask(), 0.5);
  study.set_budget({.max_trials = 1, .max_time = Seconds(10), .target = 0.5});
  CHECK(spent_limit(study.view(), Seconds(5)) == EndReason::target_reached);
  study.set_budget({.max_trials = 1, .max_time = Seconds(10), .target = 0.6});
  CHECK(spent_limit(study.view(), Seconds(5)) == EndReason::trials_spent);
  CHECK(spent_limit(study.view(), Seconds(10)) == EndReason::time_spent);
}

TEST_CASE("a limit of cost is recognised") {
  Problem problem = two_choices();
  problem.cost = Cost{.metric = "euros"};
  Study study({.problem = problem, .search = random_search()});
  study.set_budget({.max_cost = 2});
  const Asked run = study.ask();
  study.tell(*run, Metrics{{problem.objectives[0].metric, 0.5}, {"euros", 1.5}});
  CHECK_FALSE(spent_limit(study.view(), Seconds(0)));
  study.tell(*study.ask(), Metrics{{problem.objectives[0].metric, 0.5}, {"euros", 0.5}});
  CHECK(spent_limit(study.view(), Seconds(0)) == EndReason::cost_spent);
}

TEST_CASE("time left follows the pace of ended trials and the time budget") {
  Study study({.problem = two_choices(), .search = random_search()});
  CHECK_FALSE(estimate_time_left(study.view(), 1, Seconds(0), 0));
  study.set_budget({.max_time = Seconds(60)});
  CHECK(estimate_time_left(study.view(), 1, Seconds(15), 0)->count() == Approx(45));
}

}  // namespace tunesmith
