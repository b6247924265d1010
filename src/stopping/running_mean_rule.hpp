#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "stopping/running_mean_curve.hpp"
#include "stopping/running_quantile.hpp"
#include "stopping/trial_rule.hpp"

namespace tunesmith {

/// Stops a trial whose value is worse than a quantile of completed trials' running means up to the
/// same level: median_rule and percentile_rule.
class RunningMeanRule final : public TrialRule<RunningMeanCurve> {
 public:
  /// As for percentile_rule.
  RunningMeanRule(std::string name, double percentile, int min_trials, int min_levels);

  std::string name() const override { return name_; }

 private:
  /// The running means of completed trials at one level, smaller ones the better.
  struct Bar {
    RunningQuantile means;
    /// So many completed trials have been looked at.
    std::size_t trials = 0;
  };

  bool regards(const Problem& problem, const Event& report) const override;
  std::optional<std::string> judge(const Problem& problem, const Event& report,
                                   RunningMeanCurve& curve) override;
  void ended(const StudyView& view, TrialId trial, Outcome outcome,
             RunningMeanCurve* curve) override;
  const RunningQuantile& means_at(double level, double sign);

  std::string name_;
  double percentile_;
  int min_trials_;
  int min_levels_;
  std::vector<RunningMeanCurve> completed_;
  std::map<double, Bar> bars_;
};

}  // namespace tunesmith
