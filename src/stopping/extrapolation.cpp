#include <algorithm>
#include <cmath>
#include <optional>

#include "core/numbers.hpp"
#include "stopping/curve.hpp"
#include "stopping/curve_posterior.hpp"
#include "stopping/rule_options.hpp"
#include "stopping/trial_rule.hpp"

namespace tunesmith {
namespace {

struct NoState {};

struct ExtrapolatedCurve {
  /// Values in the sense that smaller is better.
  Curve<double, NoState> curve = {};
  /// Of all points, for the end at which it was made; none where it has to be made anew.
  std::optional<CurvePosterior> posterior = {};
  double end = 0;
};

class ExtrapolationRule final : public TrialRule<ExtrapolatedCurve> {
 public:
  explicit ExtrapolationRule(ExtrapolationRuleOptions options)
      : options_(options), end_(options.max_level > 0 ? options.max_level : -run_to_end) {}

  std::string name() const override { return "extrapolation"; }

 private:
  bool regards(const Problem& problem, const Event& report) const override {
    return report.metric == problem.objectives.front().metric && std::isfinite(report.value);
  }

  std::optional<std::string> judge(const Problem& problem, const Event& report,
                                   ExtrapolatedCurve& course) override {
    const double sign = sense(problem, report.metric);
    const bool appended = course.curve.put(
        report.resource, [&](double& value) { value = sign * report.value; },
        [](const NoState*, double, double) { return NoState{}; });
    const auto& points = course.curve.points();
    if (!appended || course.end != end_) course.posterior.reset();
    if (course.posterior) course.posterior->add(points.back().level, points.back().value);
    if (!best_ || completed_ < options_.min_trials || points.back().level >= end_ ||
        std::cmp_less(points.size(), options_.min_levels)) {
      return {};
    }
    if (!course.posterior) fit(course);
    const double p = course.posterior->probability_below(*best_);
    if (!(p < options_.probability)) return {};
    return report.metric + " " + number_text(sign * points.back().value) + " at " +
           number_text(points.back().level) + " will beat the best " + number_text(sign * *best_) +
           " at " + number_text(end_) + " with p = " + number_text(std::round(p * 1e4) / 1e4) +
           " only";
  }

  void fit(ExtrapolatedCurve& course) const {
    const auto& points = course.curve.points();
    course.posterior.emplace(points[0].level, points[1].level, end_);
    course.end = end_;
    for (const auto& point : points) course.posterior->add(point.level, point.value);
  }

  void ended(const StudyView& view, TrialId id, Outcome outcome,
             ExtrapolatedCurve* course) override {
    const Trial& trial = view.trial(id);
    if (outcome != Outcome::completed || !view.feasible(trial)) return;
    ++completed_;
    const double value =
        sense(view.problem(), view.problem().objectives.front().metric) * *view.objective(trial);
    best_ = best_ ? std::min(*best_, value) : value;
    if (options_.max_level <= 0 && course != nullptr) {
      end_ = std::max(end_, course->curve.back().level);
    }
  }

  ExtrapolationRuleOptions options_;
  double end_;
  int completed_ = 0;
  /// Of completed, feasible trials.
  std::optional<double> best_;
};

std::vector<Mistake> mistakes_of(const ExtrapolationRuleOptions& options) {
  OptionCheck check;
  check.between("probability", options.probability, 1);
  check.at_least("min_levels", options.min_levels, 3);
  check.at_least("min_trials", options.min_trials, 1);
  check.at_least("max_level", options.max_level, 0);
  return std::move(check.mistakes);
}

}  // namespace

std::shared_ptr<StoppingRule> extrapolation_rule(ExtrapolationRuleOptions options) {
  refuse(mistakes_of(options));
  return std::make_shared<ExtrapolationRule>(options);
}

RulePlugin extrapolation_rule_plugin() {
  return rule_plugin<ExtrapolationRuleOptions>(
      "extrapolation",
      "Extrapolates a trial's curve and stops it when it will hardly beat the best.",
      &extrapolation_rule, &mistakes_of, [](auto& options, auto& visitor) {
        visitor("probability", options.probability,
                "A trial is stopped once beating the best is less probable; above 0, below 1.");
        visitor("min_levels", options.min_levels,
                "Levels a trial reports before it may be stopped; 3 or more.");
        visitor("min_trials", options.min_trials,
                "Completed trials to beat before anything is stopped; 1 or more.");
        visitor("max_level", options.max_level,
                "Level at which trials end; 0: the highest that a completed trial has reported.");
      });
}

}  // namespace tunesmith
