#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/export.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What a stopping rule wants done, and why.
struct Action {
  enum class Kind {
    stop_trial,  ///< end `trial` soon; what it reported counts
    stop_study   ///< begin no further trial and end those that run
  };
  Kind kind = Kind::stop_trial;
  /// Only for stop_trial.
  TrialId trial = -1;
  /// In words a user may read, e.g. "loss 0.71 at 3 is worse than the median 0.52". Required.
  std::string reason = {};
};

/// Ends trials that are not worth their cost: a fold of the study's log. A rule answers what the
/// latest events call for; the study records the answer as a stop request and forgets actions on
/// trials that are not running or that were stopped already, so that feeding a log again does no
/// harm.
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
};

struct MedianRuleOptions {
  /// Completed trials to compare with before anything is stopped; ≥ 1.
  int min_trials = 5;
  /// Resource levels a trial reports before it may be stopped; ≥ 1.
  int min_levels = 1;
};
/// Stops a trial whose objective is worse than the median, over completed trials, of their running
/// means up to the same resource level: the published rule of Amazon SageMaker's early stopping
/// ("TrainingJobEarlyStoppingType": "Auto"), after Golovin et al., Google Vizier, KDD 2017. With
/// several objectives the first one counts; values that are not finite are passed over. Throws
/// Error{invalid_argument} for unusable options. O(log n) per report, and once per completed trial
/// and level O(n).
TUNESMITH_API std::shared_ptr<StoppingRule> median_rule(MedianRuleOptions options = {});

/// The rules a job file can name, with their options.
TUNESMITH_API const std::vector<PluginInfo>& stopping_rules();

/// A rule by its name in stopping_rules(), options as a JSON object. Throws
/// Error{invalid_argument} with every mistake; paths are "/<option>", or "" for the name.
TUNESMITH_API std::shared_ptr<StoppingRule> make_stopping_rule(
    std::string_view name, std::string_view options_json = "{}");

}  // namespace tunesmith
