#include <cmath>
#include <optional>

#include "core/numbers.hpp"
#include "stopping/curve.hpp"
#include "stopping/rule_options.hpp"
#include "stopping/trial_rule.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

struct Losses {
  std::optional<double> train = {};
  std::optional<double> validation = {};
};
struct GapState {
  /// Levels in a row, of those that have both, with too large a gap.
  int in_a_row = 0;
  double ratio = 0;
};
using GapCurve = Curve<Losses, GapState>;

class OverfitRule final : public TrialRule<GapCurve> {
 public:
  explicit OverfitRule(OverfitRuleOptions options)
      : TrialRule(options.action), options_(std::move(options)) {}

  std::string name() const override { return "overfit"; }

 private:
  bool regards(const Problem& problem, const Event& report) const override {
    return is_loss(problem, report, options_.train_metric, options_.validation_metric);
  }

  std::optional<std::string> judge(const Problem& problem, const Event& report,
                                   GapCurve& curve) override {
    const std::string& validation = metric_or_objective(options_.validation_metric, problem);
    const double sign = sense(problem, validation);
    curve.put(
        report.resource,
        [&](Losses& losses) {
          if (report.metric == options_.train_metric) losses.train = report.value;
          if (report.metric == validation) losses.validation = report.value;
        },
        [&](const GapState* before, double level, const Losses& losses) {
          const bool both = losses.train && losses.validation && level >= options_.start_step;
          if (!both) return before == nullptr ? GapState{} : *before;
          const double gap = sign * (*losses.validation - *losses.train);
          const bool wide = gap > options_.ratio_threshold * std::abs(*losses.train);
          const int so_far = before == nullptr ? 0 : before->in_a_row;
          return GapState{wide ? so_far + 1 : 0, gap / std::abs(*losses.train)};
        });
    const GapState& state = curve.back().state;
    if (state.in_a_row < options_.patience) return {};
    return validation + " is worse than " + options_.train_metric + " by " +
           number_text(std::round(state.ratio * 1000) / 10) + " % of it, at " +
           std::to_string(state.in_a_row) + (state.in_a_row == 1 ? " level" : " levels in a row");
  }

  OverfitRuleOptions options_;
};

std::vector<Mistake> mistakes_of(const OverfitRuleOptions& options) {
  OptionCheck check;
  check.not_empty("train_metric", options.train_metric, "the metric of the training data");
  check.finite("start_step", options.start_step);
  check.at_least("patience", options.patience, 1);
  check.at_least("ratio_threshold", options.ratio_threshold, 0);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> overfit_rule(OverfitRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<OverfitRule>(std::move(options));
}

RulePlugin overfit_rule_plugin() {
  return rule_plugin<OverfitRuleOptions>(
      "overfit", "Validation falls behind training.", &overfit_rule, &mistakes_of,
      [](auto& options, auto& visitor) {
        visitor("train_metric", options.train_metric, "Metric of the training data; required.");
        visitor("validation_metric", options.validation_metric,
                "Metric of the validation data; the first objective where it is empty.");
        visitor("start_step", options.start_step, "Levels below are not judged.");
        visitor("patience", options.patience, "Levels in a row above the ratio; 1 or more.");
        visitor("ratio_threshold", options.ratio_threshold,
                "By how much validation may be worse, as a share of the training value; 0 or "
                "more.");
        visitor("action", options.action, action_text);
      });
}

}  // namespace tunesmith
