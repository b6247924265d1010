#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/random.hpp"
#include "testing/checks.hpp"
#include "testing/patience.hpp"
#include "testing/trial_log.hpp"

namespace tunesmith::testing {
namespace {

struct Course {
  std::string name = {};
  Problem problem = {};
  std::vector<StoredEvent> events = {};
};

Problem problem_of(Goal goal) {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  problem.objectives = {{.metric = "loss", .goal = goal}};
  return problem;
}

/// Values that a training script may print, most of them plain.
double odd_value(double plain, RandomStream& dice) {
  switch (dice.below(12)) {
    case 0:
      return std::numeric_limits<double>::quiet_NaN();
    case 1:
      return std::numeric_limits<double>::infinity();
    case 2:
      return -std::numeric_limits<double>::infinity();
    case 3:
      return 1e300;
    case 4:
      return -1.7e308;
    default:
      return plain;
  }
}

/// What a model might say: less and less is left to gain. Not every suggestion is a model's.
std::optional<Outlook> outlook(std::size_t trials) {
  const double left = std::pow(0.8, static_cast<double>(trials));
  if (trials % 5 == 4) return {};
  return Outlook{.expected_gain = left / 10, .regret_bound = left, .noise = 1e-3};
}

/// What a study's log has beside reports and ends.
void write_aside(TrialLog& log, TrialId trial, RandomStream& dice) {
  switch (dice.below(6)) {
    case 0:
      return log.restart(trial);
    case 1:
      return log.start(trial);
    case 2:
      return log.request_stop(trial);
    case 3:
      return log.request_stop(-1);
    case 4:
      return log.set_budget({.max_trials = 100});
    default:
      return log.begin_session();
  }
}

/// Trials of a crooked life, several at once: levels that are left out, out of order and reported
/// again, attempts that are superseded, ends of every kind, sessions, and stop requests of others.
Course crooked_course(const std::string& name, Goal goal, bool odd, std::uint64_t seed) {
  Course course{.name = name, .problem = problem_of(goal)};
  TrialLog log(course.problem);
  RandomStream dice(seed, 0, "course");
  log.set_budget({.max_trials = 40});
  log.begin_session();
  std::vector<TrialId> open;
  while (log.size() < 40 || !open.empty()) {
    if (log.size() < 40 && open.size() < 4) {
      open.push_back(
          log.add({.configuration = {{"x", dice.uniform()}}, .outlook = outlook(log.size())}));
    }
    const auto pick = static_cast<std::ptrdiff_t>(dice.below(open.size()));
    const TrialId trial = open[static_cast<std::size_t>(pick)];
    const std::uint64_t what = dice.below(20);
    if (what < 16) {
      const auto level = static_cast<double>(1 + dice.below(8));
      const double plain = dice.uniform() + 1 / level;
      const char* metric = dice.below(8) == 0 ? "accuracy" : "loss";
      log.report(trial, level, {{metric, odd ? odd_value(plain, dice) : plain}});
    } else if (what < 17) {
      write_aside(log, trial, dice);
    } else {
      const auto outcome = static_cast<Outcome>(what < 19 ? 0 : dice.below(6));
      log.end(trial, outcome == Outcome::preempted ? Outcome::lost : outcome);
      open.erase(open.begin() + pick);
    }
  }
  course.events = log.events();
  return course;
}

/// Trials in turn that report levels 1 to 9; every third is hopeless.
Course plain_course(Goal goal) {
  Course course{
      .name = goal == Goal::minimize ? "a plain course, minimised" : "a plain course, maximised",
      .problem = problem_of(goal)};
  TrialLog log(course.problem);
  for (int i = 0; i < 30; ++i) {
    const TrialId trial = log.add({.configuration = {{"x", 0.5}}, .outlook = outlook(log.size())});
    for (int level = 1; level < 10; ++level) {
      const double loss = (i % 3 == 2 ? 5.0 : 1.0) + 1.0 / level + i * 0.001;
      log.report(trial, level, {{"loss", goal == Goal::minimize ? loss : -loss}});
    }
    log.end(trial, Outcome::completed);
  }
  course.events = log.events();
  return course;
}

Course several_objectives() {
  Course course = crooked_course("two objectives", Goal::minimize, false, 5);
  course.problem.objectives.push_back({.metric = "accuracy", .goal = Goal::maximize});
  return course;
}

std::vector<Course> courses() {
  return {plain_course(Goal::minimize),
          plain_course(Goal::maximize),
          crooked_course("crooked courses", Goal::minimize, false, 1),
          crooked_course("crooked courses, maximised", Goal::maximize, false, 2),
          crooked_course("values that are not finite", Goal::minimize, true, 3),
          crooked_course("values that are not finite, maximised", Goal::maximize, true, 4),
          several_objectives()};
}

bool same(const Action& a, const Action& b) {
  return a.kind == b.kind && a.trial == b.trial && a.reason == b.reason;
}

/// Feeds a course in stretches whose lengths `next_length` gives; all actions in order.
std::vector<Action> feed(StoppingRule& rule, const Course& course,
                         const std::function<std::size_t()>& next_length) {
  StudyFold fold(course.problem);
  std::vector<Action> actions;
  for (std::size_t at = 0; at < course.events.size();) {
    const std::size_t length = std::min(next_length(), course.events.size() - at);
    const std::span<const StoredEvent> stretch(course.events.data() + at, length);
    for (const StoredEvent& event : stretch) fold.apply(event);
    for (Action& action : rule.on_events(fold.snapshot(), stretch)) {
      actions.push_back(std::move(action));
    }
    at += length;
  }
  return actions;
}

std::string first_difference(const std::vector<Action>& a, const std::vector<Action>& b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), same);
  if (x == a.end() && y == b.end()) return "";
  const auto shown = [](const std::vector<Action>& actions, auto at) {
    return at == actions.end() ? "nothing"
                               : "\"" + at->reason + "\" on trial " + std::to_string(at->trial);
  };
  return "action " + std::to_string(x - a.begin()) + " is " + shown(b, y) + " instead of " +
         shown(a, x);
}

class Kit {
 public:
  Kit(Checks& checks, StoppingRuleKit kit) : checks_(checks), kit_(std::move(kit)) {}

  void run() {
    checks_.check("has a name that stays", [&] {
      checks_.expect(!kit_.make()->name().empty(), "the name is empty");
      checks_.expect(kit_.make()->name() == kit_.make()->name(), "instances differ in name");
    });
    for (const Course& course : courses()) {
      checks_.check("bears " + course.name, [&] { feed(*kit_.make(), course, [] { return 1; }); });
    }
    checks_.check("a fresh instance gives the same answers", [&] {
      for (const Course& course : courses()) {
        compare(course, "a second instance", [] { return 1; });
      }
    });
    checks_.check("answers do not depend on how the log is cut", [&] {
      for (const Course& course : courses()) {
        compare(course, "fed all at once", [&] { return course.events.size(); });
        RandomStream dice(9, 0, "cuts");
        compare(course, "fed in pieces", [&] { return 1 + dice.below(20); });
      }
    });
    checks_.check("actions name trials that are there, and a reason", [&] { check_actions(); });
    checks_.check("bears a look at the clock", [&] {
      const auto rule = kit_.make();
      rule->on_time(Seconds(0));
      feed(*rule, plain_course(Goal::minimize), [] { return 1; });
      for (const Action& action : rule->on_time(Seconds(1e6))) {
        checks_.expect(!action.reason.empty(), "an action without a reason");
      }
    });
    checks_.check("an empty log calls for nothing", [&] {
      StudyFold fold(problem_of(Goal::minimize));
      checks_.expect(kit_.make()->on_events(fold.snapshot(), {}).empty(), "it calls for something");
    });
    checks_.check("an empty stretch calls for nothing", [&] {
      const Course course = plain_course(Goal::minimize);
      const auto rule = kit_.make();
      feed(*rule, course, [] { return 1; });
      StudyFold fold(course.problem);
      for (const StoredEvent& event : course.events) fold.apply(event);
      checks_.expect(rule->on_events(fold.snapshot(), {}).empty(), "it calls for something");
    });
  }

 private:
  void compare(const Course& course, const std::string& how,
               const std::function<std::size_t()>& next_length) {
    const auto one_by_one = feed(*kit_.make(), course, [] { return 1; });
    const std::string wrong = first_difference(one_by_one, feed(*kit_.make(), course, next_length));
    checks_.expect(wrong.empty(), course.name + ", " + how + ": " + wrong);
  }

  void check_actions() {
    for (const Course& course : courses()) {
      const auto rule = kit_.make();
      StudyFold fold(course.problem);
      for (const StoredEvent& event : course.events) {
        fold.apply(event);
        for (const Action& action : rule->on_events(fold.snapshot(), std::span(&event, 1))) {
          const std::string after = course.name + ", event " + std::to_string(event.sequence);
          checks_.expect(!action.reason.empty(), after + ": an action without a reason");
          const bool of_study = action.kind == Action::Kind::stop_study ||
                                (action.kind == Action::Kind::notify && action.trial == -1);
          if (of_study) continue;
          checks_.expect(action.trial >= 0 && action.trial < static_cast<TrialId>(fold.size()),
                         after + ": speaks of trial " + std::to_string(action.trial) +
                             ", which does not exist");
        }
      }
    }
  }

  Checks& checks_;
  const StoppingRuleKit kit_;
};

}  // namespace

Conformance check_stopping_rule(const StoppingRuleKit& kit) {
  Checks checks;
  const auto caller = std::make_shared<PatientCaller>(kit.patience);
  Kit(checks, patient(kit, caller)).run();
  check_all_gone(checks, *caller);
  return std::move(checks).result();
}

}  // namespace tunesmith::testing
