#include "stopping/running_mean_rule.hpp"

#include <cmath>

#include "core/numbers.hpp"

namespace tunesmith {

RunningMeanRule::RunningMeanRule(std::string name, double percentile, int min_trials,
                                 int min_levels)
    : name_(std::move(name)),
      percentile_(percentile),
      min_trials_(min_trials),
      min_levels_(min_levels) {}

bool RunningMeanRule::regards(const Problem& problem, const Event& report) const {
  return report.metric == problem.objectives.front().metric && std::isfinite(report.value);
}

std::optional<std::string> RunningMeanRule::judge(const Problem& problem, const Event& report,
                                                  RunningMeanCurve& curve) {
  put(curve, report.resource, report.value);
  if (std::ssize(completed_) < min_trials_ || curve.back().state.count < min_levels_) return {};
  const Objective& objective = problem.objectives.front();
  const double sign = objective.goal == Goal::minimize ? 1 : -1;
  const RunningQuantile& means = means_at(report.resource, sign);
  if (std::cmp_less(means.size(), min_trials_)) return {};
  const double bar = means.value();
  if (sign * report.value <= bar) return {};
  const std::string which =
      percentile_ == 50 ? "the median" : "the best " + number_text(percentile_) + " %, from";
  return objective.metric + " " + number_text(report.value) + " at " +
         number_text(report.resource) + " is worse than " + which + " " + number_text(sign * bar) +
         " of " + std::to_string(means.size()) + " trials";
}

void RunningMeanRule::ended(const StudyView& /*view*/, TrialId /*trial*/, Outcome outcome,
                            RunningMeanCurve* curve) {
  if (curve != nullptr && outcome == Outcome::completed) {
    completed_.push_back(std::move(*curve));
  }
}

const RunningQuantile& RunningMeanRule::means_at(double level, double sign) {
  Bar& bar = bars_.try_emplace(level, Bar{RunningQuantile(percentile_ / 100)}).first->second;
  for (; bar.trials < completed_.size(); ++bar.trials) {
    const RunningMeanCurve::Point* point = completed_[bar.trials].up_to(level);
    if (point != nullptr) bar.means.add(sign * point->state.mean);
  }
  return bar.means;
}

}  // namespace tunesmith
