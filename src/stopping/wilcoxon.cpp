#include <cmath>
#include <numeric>
#include <optional>

#include "core/numbers.hpp"
#include "stopping/rule_options.hpp"
#include "stopping/running_mean_curve.hpp"
#include "stopping/signed_rank.hpp"
#include "stopping/trial_rule.hpp"

namespace tunesmith {
namespace {

/// The level is the number of the fold, the value in the sense that smaller is better.
class WilcoxonRule final : public TrialRule<RunningMeanCurve> {
 public:
  explicit WilcoxonRule(WilcoxonRuleOptions options) : options_(options) {}

  std::string name() const override { return "wilcoxon"; }

 private:
  bool regards(const Problem& problem, const Event& report) const override {
    return report.metric == problem.objectives.front().metric && std::isfinite(report.value);
  }

  std::optional<std::string> judge(const Problem& problem, const Event& report,
                                   RunningMeanCurve& curve) override {
    put(curve, report.resource, sense(problem, report.metric) * report.value);
    if (!best_) return {};
    const std::vector<double> differences = differences_from_best(curve);
    if (std::cmp_less(differences.size(), options_.min_levels)) return {};
    // What counts in the end is the mean.
    if (!(std::accumulate(differences.begin(), differences.end(), 0.0) > 0)) return {};
    const double p = signed_rank_p(differences);
    if (!(p < options_.p_threshold)) return {};
    return report.metric + " is worse than that of trial " + std::to_string(best_trial_) + " at " +
           std::to_string(differences.size()) +
           " levels, which is chance with p = " + number_text(std::round(p * 1e4) / 1e4);
  }

  void ended(const StudyView& /*view*/, TrialId trial, Outcome outcome,
             RunningMeanCurve* curve) override {
    if (curve == nullptr || outcome != Outcome::completed) return;
    if (best_ && best_->back().state.mean <= curve->back().state.mean) return;
    best_ = std::move(*curve);
    best_trial_ = trial;
  }

  /// At the levels that both have.
  std::vector<double> differences_from_best(const RunningMeanCurve& curve) const {
    std::vector<double> differences;
    auto best = best_->points().begin();
    for (const RunningMeanCurve::Point& point : curve.points()) {
      while (best != best_->points().end() && best->level < point.level) ++best;
      if (best == best_->points().end()) break;
      if (best->level == point.level) differences.push_back(point.value - best->value);
    }
    return differences;
  }

  WilcoxonRuleOptions options_;
  /// The completed trial of the best mean.
  std::optional<RunningMeanCurve> best_;
  TrialId best_trial_ = -1;
};

std::vector<Mistake> mistakes_of(const WilcoxonRuleOptions& options) {
  OptionCheck check;
  check.between("p_threshold", options.p_threshold, 1);
  check.at_least("min_levels", options.min_levels, 1);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> wilcoxon_rule(WilcoxonRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<WilcoxonRule>(options);
}

RulePlugin wilcoxon_rule_plugin() {
  return rule_plugin<WilcoxonRuleOptions>(
      "wilcoxon",
      "For folds reported as levels: stops a trial that the signed-rank test finds worse than the "
      "best.",
      &wilcoxon_rule, &mistakes_of, [](auto& options, auto& visitor) {
        visitor("p_threshold", options.p_threshold,
                "A trial is stopped once the test's p value is below; above 0, below 1.");
        visitor("min_levels", options.min_levels,
                "Levels in common with the best before a trial may be stopped; 1 or more.");
      });
}

}  // namespace tunesmith
