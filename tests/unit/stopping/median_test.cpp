#include <cmath>
#include <limits>

#include "support/catch.hpp"
#include "support/view_builder.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {
namespace {

/// Writes events and asks a rule after each of them.
class Course {
 public:
  explicit Course(MedianRuleOptions options = {}, Goal goal = Goal::minimize)
      : rule_(median_rule(options)), view_(view_of(goal)) {}

  /// The actions that the report calls for.
  std::vector<Action> report(TrialId trial, double level, double value,
                             const std::string& metric = "loss") {
    return feed({.kind = EventKind::reported,
                 .trial = trial,
                 .attempt = 1,
                 .resource = level,
                 .value = value,
                 .metric = metric});
  }
  void finish(TrialId trial, Outcome outcome = Outcome::completed) {
    CHECK(feed({.kind = EventKind::finished,
                .trial = trial,
                .attempt = 1,
                .value = static_cast<double>(outcome)})
              .empty());
  }
  /// A trial that reports the values at levels 1, 2, … and completes.
  void complete(TrialId trial, const std::vector<double>& values) {
    double level = 0;
    for (const double value : values) report(trial, ++level, value);
    finish(trial);
  }

 private:
  static StudyView view_of(Goal goal) {
    Problem problem;
    problem.space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
    problem.objectives = {{.metric = "loss", .goal = goal}};
    return ViewBuilder(problem).view();
  }
  std::vector<Action> feed(Event event) {
    return rule_->on_events(view_, std::vector{StoredEvent{++sequence_, std::move(event)}});
  }

  std::shared_ptr<StoppingRule> rule_;
  StudyView view_;
  Sequence sequence_ = 0;
};

}  // namespace

TEST_CASE("median: a value is held against the median of running means up to its level") {
  Course course({.min_trials = 3});
  course.complete(0, {4, 2});  // means 4, 3
  course.complete(1, {6, 4});  // means 6, 5
  course.complete(2, {9, 5});  // means 9, 7
  CHECK(course.report(3, 1, 6).empty());
  CHECK(course.report(3, 2, 5).empty());
  const std::vector<Action> actions = course.report(4, 1, 6.5);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].trial == 4);
  CHECK(actions[0].kind == Action::Kind::stop_trial);
  CHECK(actions[0].reason == "loss 6.5 at 1 is worse than the median 6 of 3 trials");
  CHECK(course.report(4, 2, 5.5).size() == 1);

  course.complete(5, {1, 1});  // means at level 2: 1 3 5 7
  CHECK(course.report(6, 2, 4).empty());
  CHECK(course.report(7, 2, 4.5).size() == 1);
}

TEST_CASE("median: bigger is better where the objective says so") {
  Course course({.min_trials = 1}, Goal::maximize);
  course.complete(0, {0.5});
  CHECK(course.report(1, 1, 0.6).empty());
  CHECK(course.report(2, 1, 0.4).size() == 1);
}

TEST_CASE("median: nothing is stopped before enough trials have completed at that level") {
  Course course({.min_trials = 2});
  course.complete(0, {1, 1});
  CHECK(course.report(9, 1, 100).empty());
  course.complete(1, {1});
  CHECK(course.report(9, 1, 100).size() == 1);
  // Those that ended earlier count with what they reached.
  CHECK(course.report(9, 2, 100).size() == 1);
  // A level below all of theirs has nothing to be held against.
  CHECK(course.report(9, 0.5, 100).empty());
}

TEST_CASE("median: a trial may take its first levels unjudged") {
  Course course({.min_trials = 1, .min_levels = 3});
  course.complete(0, {1, 1, 1});
  CHECK(course.report(1, 1, 9).empty());
  CHECK(course.report(1, 2, 9).empty());
  CHECK(course.report(1, 2, 8).empty());  // the same level again
  CHECK(course.report(1, 3, 9).size() == 1);
}

TEST_CASE("median: only completed trials, finite values and the objective count") {
  Course course({.min_trials = 1});
  course.report(0, 1, 1);
  course.finish(0, Outcome::failed);
  course.report(1, 1, 1);
  course.finish(1, Outcome::stopped);
  CHECK(course.report(9, 1, 5).empty());
  course.complete(2, {3, std::nan(""), 1});  // means 3, -, 2
  CHECK(course.report(9, 3, 2.5).size() == 1);
  CHECK(course.report(9, 3, std::nan("")).empty());
  CHECK(course.report(9, 3, std::numeric_limits<double>::infinity()).empty());
  CHECK(course.report(9, 3, 100, "norm").empty());
}

TEST_CASE("median: a preempted trial goes on with what it has") {
  Course course({.min_trials = 1});
  course.report(0, 1, 4);
  course.finish(0, Outcome::preempted);
  course.report(0, 2, 2);
  course.finish(0);
  CHECK(course.report(1, 2, 2.9).empty());
  CHECK(course.report(1, 2, 3.1).size() == 1);
}

TEST_CASE("median: means of huge values stay finite") {
  Course course({.min_trials = 2});
  course.complete(0, {1.7e308, 1.7e308, 1.7e308});
  course.complete(1, {1.7e308, 1.7e308, 1.7e308});
  CHECK(course.report(2, 3, 1.75e308).size() == 1);
  CHECK(course.report(2, 3, 1.6e308).empty());
}

TEST_CASE("median: unusable options are refused, all at once") {
  try {
    median_rule({.min_trials = 0, .min_levels = -1});
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    REQUIRE(error.mistakes().size() == 2);
    CHECK(error.mistakes()[0].path == "/min_trials");
    CHECK(error.mistakes()[1].path == "/min_levels");
  }
}

TEST_CASE("stopping rules: made by name, with options") {
  CHECK(make_stopping_rule("median", R"({"min_trials": 4})")->name() == "median");
  const auto mistakes = [](const char* name, const char* options) {
    try {
      make_stopping_rule(name, options);
    } catch (const Error& error) {
      return error.mistakes();
    }
    return std::vector<Mistake>{};
  };
  const auto wrong = mistakes("median", R"({"min_trials": 0, "levels": 3})");
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].path == "/min_trials");
  CHECK(wrong[1].path == "/levels");
  const auto unknown = mistakes("medain", "{}");
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].path == "");
  CHECK(unknown[0].what == "there is no stopping rule 'medain'; did you mean 'median'?");
}

}  // namespace tunesmith
