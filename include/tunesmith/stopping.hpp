#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/action.hpp"
#include "tunesmith/clock.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// Ends trials that are not worth their cost: a fold of the study's log. A rule answers what the
/// latest events call for; the study records the answer as a stop request or a notice and forgets
/// actions on trials that are not running or that were stopped already, and a rule's second notice
/// on the same trial, so that feeding a log again does no harm.
///
/// A host may supply its own. A study calls it from one thread at a time, while reports wait:
/// answer in O(log n), and do not call the study. An instance serves one study.
class TUNESMITH_API StoppingRule {
 public:
  virtual ~StoppingRule() = default;
  /// For messages and the log, e.g. "median".
  virtual std::string name() const = 0;
  /// Fed every event of the log once, in log order, in stretches of any length: the actions must
  /// not depend on how the log is cut. `view` shows the log up to the last of `news`; take from it
  /// what does not change (problem, configurations), and the course of trials from the events.
  virtual std::vector<Action> on_events(const StudyView& view,
                                        std::span<const StoredEvent> news) = 0;
  /// Called by Study::refresh, which a Tuner calls about every second: for rules that wait for what
  /// does not come. The argument is the study's clock, which counts from an arbitrary start, never
  /// goes back and has nothing to do with the times in events. By default nothing.
  virtual std::vector<Action> on_time(Seconds /*now*/) { return {}; }
};

/// The rules below judge the problem's first objective, in the sense of its goal. Values that are
/// not finite are passed over, a level that was reported again counts once, with its latest value,
/// and a preempted trial goes on with what it has. Functions throw Error{invalid_argument} with
/// every mistake of the options. Rules on the health of a training run are in health.hpp.

struct MedianRuleOptions {
  /// Completed trials to compare with before anything is stopped; ≥ 1.
  int min_trials = 5;
  /// Resource levels a trial reports before it may be stopped; ≥ 1.
  int min_levels = 1;
};
/// Stops a trial whose objective is worse than the median, over completed trials, of their running
/// means up to the same resource level: the published rule of Amazon SageMaker's early stopping
/// ("TrainingJobEarlyStoppingType": "Auto"), after Golovin et al., Google Vizier, KDD 2017.
/// O(log n) per report and per completed trial and level.
TUNESMITH_API std::shared_ptr<StoppingRule> median_rule(MedianRuleOptions options = {});

struct PercentileRuleOptions {
  /// Share of the completed trials, in percent, that a trial has to be among to go on; above 0,
  /// below 100. 50 is median_rule, 25 lets the best quarter go on.
  double percentile = 25;
  /// Completed trials to compare with before anything is stopped; ≥ 1.
  int min_trials = 5;
  /// Resource levels a trial reports before it may be stopped; ≥ 1.
  int min_levels = 1;
};
/// As median_rule with another share; between two trials the bar is interpolated linearly.
TUNESMITH_API std::shared_ptr<StoppingRule> percentile_rule(PercentileRuleOptions options = {});

struct PatienceRuleOptions {
  /// Levels in a row without improvement after which a trial is stopped; ≥ 1.
  int levels = 10;
  /// Least difference to the trial's own best that counts as an improvement, in the objective's
  /// unit; ≥ 0.
  double min_delta = 0;
};
/// Stops a trial that no longer improves on its own best. O(1) per report in order.
TUNESMITH_API std::shared_ptr<StoppingRule> patience_rule(PatienceRuleOptions options = {});

struct ThresholdRuleOptions {
  /// Empty: the first objective.
  std::string metric = {};
  /// The metric has to stay within; at least one of the two is needed.
  std::optional<double> lower = {};
  std::optional<double> upper = {};
  /// Reports below this level are not judged.
  double min_level = 0;
};
/// Stops a trial whose metric leaves its bounds, or is NaN. O(1) per report.
TUNESMITH_API std::shared_ptr<StoppingRule> threshold_rule(ThresholdRuleOptions options = {});

struct ExtrapolationRuleOptions {
  /// A trial is stopped once beating the best is less probable than this; above 0, below 1.
  double probability = 0.05;
  /// Resource levels a trial reports before it may be stopped; ≥ 3.
  int min_levels = 4;
  /// Completed trials to beat before anything is stopped; ≥ 1.
  int min_trials = 1;
  /// Level at which trials end; 0: the highest that a completed trial has reported.
  double max_level = 0;
};
/// Extrapolates a trial's curve to its last level and stops the trial when it will hardly beat the
/// best completed, feasible one. The curve is a + b t^−c or a + b e^−ct with normal noise; the
/// probability is the exact posterior one over a, b and the noise (conjugate priors), summed over a
/// grid of c in both families, after Domhan, Springenberg & Hutter, IJCAI 2015. Nothing is random.
/// O(1) per report in order.
TUNESMITH_API std::shared_ptr<StoppingRule> extrapolation_rule(
    ExtrapolationRuleOptions options = {});

struct WilcoxonRuleOptions {
  /// A trial is stopped once the test says with less than this that chance alone makes it look
  /// worse; above 0, below 1.
  double p_threshold = 0.1;
  /// Levels in common with the best before a trial may be stopped; ≥ 1. With fewer than 4 a test at
  /// 0.1 never says anything.
  int min_levels = 2;
};
/// For objectives that are means over folds or instances, which are reported as levels: stops a
/// trial that is worse than the completed one of the best mean by the paired, one-sided signed-rank
/// test (Wilcoxon, Biometrics Bulletin 1, 1945; pairs that tie by Pratt, JASA 54, 1959, split
/// between the sides) on the levels they have in common, unless its mean over these is the better
/// one. The distribution is exact up to 30 pairs, normal above. O(levels log levels) per report.
TUNESMITH_API std::shared_ptr<StoppingRule> wilcoxon_rule(WilcoxonRuleOptions options = {});

/// The rules a job file can name, with their options.
TUNESMITH_API const std::vector<PluginInfo>& stopping_rules();

/// A rule by its name in stopping_rules(), options as a JSON object. Throws
/// Error{invalid_argument} with every mistake; paths are "/<option>", or "" for the name.
TUNESMITH_API std::shared_ptr<StoppingRule> make_stopping_rule(
    std::string_view name, std::string_view options_json = "{}");

}  // namespace tunesmith
