#pragma once

#include <memory>
#include <optional>

#include "tunesmith/export.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {

/// Rules that end a whole study. Their verdict holds until there is news: a tuner that goes on with
/// the study ends at once for the same reason, unless the rule was left out or given other options.

struct NoImprovementRuleOptions {
  /// Trials that end, in whatever way, without improvement before the study does; ≥ 1.
  int trials = 30;
  /// A better value is an improvement when it is better by this much, in the objective's own unit,
  /// and by this share of the best value's magnitude; ≥ 0.
  double min_change = 0;
  double min_relative_change = 0;
};
/// Ends a study whose best has not improved for some trials. Counts from the latest improvement on,
/// in order of ending, over all sessions; what falls short of the least change adds up until it
/// reaches it. Nothing ends before there is a feasible trial. With several objectives an
/// improvement is a trial that no earlier one is as good as in every objective, but for the least
/// change (an ε-approximate front: Laumanns et al., Evolutionary Computation 10, 2002). Throws
/// Error{invalid_argument} for unusable options.
TUNESMITH_API std::shared_ptr<StoppingRule> no_improvement_rule(
    NoImprovementRuleOptions options = {});

struct ConvergenceRuleOptions {
  /// What is not worth another trial, in the objective's own unit, ≥ 0; none: 1 % of what the study
  /// has gained so far, from the median of its first `min_trials` values to its best.
  std::optional<double> tolerance = {};
  /// Suggestions in a row that promise no more; ≥ 1.
  int patience = 5;
  /// Feasible trials before anything ends; ≥ 2.
  int min_trials = 20;
};
/// Ends a study when its strategy's model sees nothing left to gain (Trial::outlook): the regret
/// bound is within the noise of one evaluation, below which differences mean nothing (Makarova et
/// al., "Automatic termination for hyperparameter optimization", AutoML 2022), while more was
/// gained than noise alone would make of so many trials; or the bound is within the tolerance, and
/// fifty further trials are together not expected to gain that much. Suggestions without outlook
/// (strategies without a model, several objectives) do not count either way: with those alone it
/// never acts. Throws Error{invalid_argument} for unusable options.
TUNESMITH_API std::shared_ptr<StoppingRule> convergence_rule(ConvergenceRuleOptions options = {});

}  // namespace tunesmith
