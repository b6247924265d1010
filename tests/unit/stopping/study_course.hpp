#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"
#include "trial/fold.hpp"
#include "tunesmith/convergence.hpp"

namespace tunesmith::test {

inline Problem one_loss(Goal goal = Goal::minimize) {
  Problem problem;
  problem.space.add_float("x", {.min = 0, .max = 1, .scale = Scale::linear});
  problem.objectives = {{.metric = "loss", .goal = goal}};
  return problem;
}

/// A study's log as it grows, with a rule that is fed every event. Its answers: the reason to end
/// the study, if it calls for that after the last event of a step.
class StudyCourse {
 public:
  using Answer = std::optional<std::string>;

  StudyCourse(Problem problem, std::shared_ptr<StoppingRule> rule)
      : fold_(std::move(problem)), rule_(std::move(rule)) {}

  TrialId begin(const std::optional<Outlook>& outlook = {},
                const std::optional<TrialId>& replicate_of = {}) {
    const auto trial = static_cast<TrialId>(fold_.size());
    const SuggestionRecord record = {
        .configuration = {{"x", 0.5}}, .replicate_of = replicate_of, .outlook = outlook};
    CHECK_FALSE(feed({.kind = EventKind::suggested,
                      .trial = trial,
                      .attempt = 1,
                      .payload = suggestion_payload(record)}));
    return trial;
  }
  Answer end(TrialId trial, Outcome outcome, const Metrics& metrics = {}) {
    const int attempt = fold_.trial(trial).attempt;
    for (const auto& [metric, value] : metrics) {
      CHECK_FALSE(feed({.kind = EventKind::measured,
                        .trial = trial,
                        .attempt = attempt,
                        .value = value,
                        .metric = metric}));
    }
    return feed({.kind = EventKind::finished,
                 .trial = trial,
                 .attempt = attempt,
                 .value = static_cast<double>(outcome)});
  }
  /// A trial that begins and completes.
  Answer complete(double loss, const std::optional<Outlook>& outlook = {}) {
    return end(begin(outlook), Outcome::completed, {{"loss", loss}});
  }
  void restart(TrialId trial) {
    CHECK_FALSE(feed(
        {.kind = EventKind::restarted, .trial = trial, .attempt = fold_.trial(trial).attempt + 1}));
  }
  Answer begin_session() {
    return feed({.kind = EventKind::session, .payload = session_payload("a test")});
  }

 private:
  Answer feed(Event event) {
    const std::vector<StoredEvent> news = {{fold_.prefix() + 1, std::move(event)}};
    fold_.apply(news[0]);
    Answer answer;
    for (const Action& action : rule_->on_events(fold_.snapshot(), news)) {
      CHECK(action.kind == Action::Kind::stop_study);
      answer = action.reason;
    }
    return answer;
  }

  StudyFold fold_;
  std::shared_ptr<StoppingRule> rule_;
};

}  // namespace tunesmith::test
