#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "trial/fold.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith::test {

inline Problem loss_problem(Goal goal = Goal::minimize) {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  problem.objectives = {{.metric = "loss", .goal = goal}};
  return problem;
}

/// A study's log as it grows, with a rule that is asked after every event.
class RuleCourse {
 public:
  using Actions = std::vector<Action>;

  explicit RuleCourse(std::shared_ptr<StoppingRule> rule, Problem problem = loss_problem())
      : fold_(std::move(problem)), rule_(std::move(rule)) {}

  TrialId begin() {
    const auto trial = static_cast<TrialId>(fold_.size());
    CHECK(feed({.kind = EventKind::suggested,
                .trial = trial,
                .attempt = 1,
                .payload = suggestion_payload({.configuration = {{"x", 0.5}}})})
              .empty());
    return trial;
  }
  Actions report(TrialId trial, double level, double value, const std::string& metric = "loss") {
    return feed({.kind = EventKind::reported,
                 .trial = trial,
                 .attempt = fold_.trial(trial).attempt,
                 .resource = level,
                 .value = value,
                 .metric = metric});
  }
  /// At levels 1, 2, …; the actions after the last one.
  Actions report_all(TrialId trial, const std::vector<double>& values) {
    Actions last;
    double level = 0;
    for (const double value : values) last = report(trial, ++level, value);
    return last;
  }
  void end(TrialId trial, Outcome outcome = Outcome::completed) {
    CHECK(feed({.kind = EventKind::finished,
                .trial = trial,
                .attempt = fold_.trial(trial).attempt,
                .value = static_cast<double>(outcome)})
              .empty());
  }
  /// With the value of the objective, and what the rule makes of it.
  Actions end_with(TrialId trial, Outcome outcome, double value) {
    const int attempt = fold_.trial(trial).attempt;
    CHECK(feed({.kind = EventKind::measured,
                .trial = trial,
                .attempt = attempt,
                .value = value,
                .metric = "loss"})
              .empty());
    return feed({.kind = EventKind::finished,
                 .trial = trial,
                 .attempt = attempt,
                 .value = static_cast<double>(outcome)});
  }
  /// A trial that reports the values at levels 1, 2, … and completes.
  TrialId complete(const std::vector<double>& values) {
    const TrialId trial = begin();
    report_all(trial, values);
    end(trial);
    return trial;
  }
  /// Its machine is taken away, and it goes on.
  void preempt(TrialId trial) {
    end(trial, Outcome::preempted);
    CHECK(feed({.kind = EventKind::restarted,
                .trial = trial,
                .attempt = fold_.trial(trial).attempt + 1})
              .empty());
  }
  void pause(TrialId trial) {
    end(trial, Outcome::paused);
    CHECK(feed({.kind = EventKind::resumed,
                .trial = trial,
                .attempt = fold_.trial(trial).attempt + 1,
                .payload = resumption_payload({})})
              .empty());
  }
  void begin_session() {
    CHECK(feed({.kind = EventKind::session, .payload = session_payload("a test")}).empty());
  }
  Actions at(double seconds) { return rule_->on_time(Seconds(seconds)); }

 private:
  Actions feed(Event event) {
    const std::vector<StoredEvent> news = {{fold_.prefix() + 1, std::move(event)}};
    fold_.apply(news[0]);
    return rule_->on_events(fold_.snapshot(), news);
  }

  StudyFold fold_;
  std::shared_ptr<StoppingRule> rule_;
};

/// The paths of the mistakes that making a rule throws, in order; none: it was made.
template <typename Make>
std::vector<std::string> refused(const Make& make) {
  std::vector<std::string> paths;
  try {
    make();
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    for (const Mistake& mistake : error.mistakes()) paths.push_back(mistake.path);
  }
  return paths;
}

}  // namespace tunesmith::test
