#include "stopping/improvement_curve.hpp"
#include "stopping/rule_options.hpp"
#include "stopping/trial_rule.hpp"
#include "tunesmith/health.hpp"

namespace tunesmith {
namespace {

struct TwoCurves {
  ImprovementCurve train = {};
  ImprovementCurve validation = {};
};

class OvertrainingRule final : public TrialRule<TwoCurves> {
 public:
  explicit OvertrainingRule(OvertrainingRuleOptions options)
      : TrialRule(options.action), options_(std::move(options)) {}

  std::string name() const override { return "overtraining"; }

 private:
  bool regards(const Problem& problem, const Event& report) const override {
    return is_loss(problem, report, options_.train_metric, options_.validation_metric);
  }

  std::optional<std::string> judge(const Problem& problem, const Event& report,
                                   TwoCurves& curves) override {
    const std::string& validation = metric_or_objective(options_.validation_metric, problem);
    // A training metric that is no objective is as good as the validation's is.
    const double sign = sense(problem, validation);
    const bool trains = report.metric != validation;
    ImprovementCurve& curve = trains ? curves.train : curves.validation;
    put(curve, report, sign, options_.delta);
    const int patience = trains ? options_.patience_train : options_.patience_validation;
    if (curve.back().state.since < patience) return {};
    return no_improvement_text(report.metric, curve, sign);
  }

  OvertrainingRuleOptions options_;
};

std::vector<Mistake> mistakes_of(const OvertrainingRuleOptions& options) {
  OptionCheck check;
  check.at_least("patience_train", options.patience_train, 1);
  check.at_least("patience_validation", options.patience_validation, 1);
  check.at_least("delta", options.delta, 0);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> overtraining_rule(OvertrainingRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<OvertrainingRule>(std::move(options));
}

RulePlugin overtraining_rule_plugin() {
  return rule_plugin<OvertrainingRuleOptions>(
      "overtraining", "Training goes on though a loss has reached its plateau.", &overtraining_rule,
      &mistakes_of, [](auto& options, auto& visitor) {
        visitor("train_metric", options.train_metric,
                "Metric of the training data; it is not looked at where it is empty.");
        visitor("validation_metric", options.validation_metric,
                "Metric of the validation data; the first objective where it is empty.");
        visitor("patience_train", options.patience_train,
                "Levels in a row without improvement in training that are too many; 1 or more.");
        visitor("patience_validation", options.patience_validation,
                "Levels in a row without improvement in validation that are too many; 1 or more.");
        visitor("delta", options.delta,
                "Least difference that counts as an improvement; 0 or more.");
        visitor("action", options.action, action_text);
      });
}

}  // namespace tunesmith
