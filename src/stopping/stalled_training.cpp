#include <map>
#include <optional>

#include "core/numbers.hpp"
#include "stopping/rule_options.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

class StalledTrainingRule final : public StoppingRule {
 public:
  explicit StalledTrainingRule(StalledTrainingRuleOptions options) : options_(options) {}

  std::string name() const override { return "stalled_training"; }

  std::vector<Action> on_events(const StudyView& /*view*/,
                                std::span<const StoredEvent> news) override {
    for (const auto& [sequence, event] : news) {
      if (opens_attempt(event.kind) || event.kind == EventKind::reported) {
        silent_since_[event.trial].reset();
      } else if (event.kind == EventKind::finished) {
        silent_since_.erase(event.trial);
      } else if (event.kind == EventKind::session) {
        for (auto& [trial, since] : silent_since_) since.reset();
      }
    }
    return {};
  }

  std::vector<Action> on_time(Seconds now) override {
    std::vector<Action> actions;
    for (auto& [trial, since] : silent_since_) {
      if (!since) since = now;
      if (now - *since < options_.threshold) continue;
      actions.push_back(
          {.kind = options_.action,
           .trial = trial,
           .reason = "no report for " + number_text(options_.threshold.count()) + " s"});
    }
    return actions;
  }

 private:
  StalledTrainingRuleOptions options_;
  /// The running trials; no time where something came since the last look at the clock.
  std::map<TrialId, std::optional<Seconds>> silent_since_;
};

std::vector<Mistake> mistakes_of(const StalledTrainingRuleOptions& options) {
  OptionCheck check;
  check.above("threshold", options.threshold.count(), 0);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> stalled_training_rule(StalledTrainingRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<StalledTrainingRule>(options);
}

RulePlugin stalled_training_rule_plugin() {
  return rule_plugin<StalledTrainingRuleOptions>(
      "stalled_training", "A running trial reports nothing for a time.", &stalled_training_rule,
      &mistakes_of, [](auto& options, auto& visitor) {
        visitor("threshold", options.threshold,
                "Longest time without a report, in seconds; above 0.");
        visitor("action", options.action, action_text);
      });
}

}  // namespace tunesmith
