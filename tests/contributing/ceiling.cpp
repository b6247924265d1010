// A stopping rule in one file: stops a trial whose objective is worse than a fixed value.
#include "core/numbers.hpp"
#include "stopping/rule_plugin.hpp"

namespace tunesmith {
namespace {

class CeilingRule final : public StoppingRule {
 public:
  explicit CeilingRule(double worst) : worst_(worst) {}

  std::string name() const override { return "ceiling"; }

  std::vector<Action> on_events(const StudyView& view, std::span<const StoredEvent> news) override {
    const Objective& objective = view.problem().objectives.front();
    std::vector<Action> actions;
    for (const auto& [sequence, event] : news) {
      if (event.kind != EventKind::reported || event.metric != objective.metric) continue;
      const bool worse =
          objective.goal == Goal::minimize ? event.value > worst_ : event.value < worst_;
      if (!worse) continue;
      actions.push_back({.trial = event.trial,
                         .reason = objective.metric + " " + number_text(event.value) +
                                   " is worse than " + number_text(worst_)});
    }
    return actions;
  }

 private:
  double worst_;
};

}  // namespace

RulePlugin ceiling_rule_plugin() {
  return {
      .info = {.name = "ceiling",
               .summary = "Stops a trial whose objective is worse than a fixed value.",
               .options = {{.name = "worst",
                            .type = "float",
                            .fallback = "1",
                            .text = "The worst value that may go on, in the objective's unit."}}},
      .make =
          [](ObjectReader& options) {
            return std::make_shared<CeilingRule>(options.number("worst").value_or(1));
          },
  };
}

}  // namespace tunesmith
