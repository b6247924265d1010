#pragma once

#include <memory>
#include <optional>
#include <string>

#include "tunesmith/export.hpp"
#include "tunesmith/stopping.hpp"

namespace tunesmith {

/// Rules on the health of a training run, on any reported metric, in the terms of Amazon SageMaker
/// Debugger's rules of the same names, whose parameters and defaults they take over as far as they
/// make sense for scalars; a step is a resource level. `action` says what is to be done. A metric
/// is better where it is smaller, unless it is an objective that is maximised. A level that was
/// reported again counts once, with its latest value; those that are not finite are passed over,
/// but by exploding_tensor_rule. All answer in O(log levels) per report in order, and throw
/// Error{invalid_argument} with every mistake of the options.

struct LossNotDecreasingRuleOptions {
  /// Empty: the first objective.
  std::string metric = {};
  /// The loss is held against what it was so many levels before; above 0.
  double num_steps = 10;
  /// By how many percent it has to fall in that time, ≥ 0.
  double diff_percent = 0.1;
  /// More than so many percent above, and nobody waits for num_steps; ≥ 0.
  double increase_threshold_percent = 5;
  Action::Kind action = Action::Kind::stop_trial;
};
/// The loss no longer falls.
TUNESMITH_API std::shared_ptr<StoppingRule> loss_not_decreasing_rule(
    LossNotDecreasingRuleOptions options = {});

struct OverfitRuleOptions {
  /// Required.
  std::string train_metric = {};
  /// Empty: the first objective.
  std::string validation_metric = {};
  /// Levels below are not judged.
  double start_step = 0;
  /// Levels in a row above the ratio; ≥ 1.
  int patience = 1;
  /// By how much validation may be worse than training, as a share of the training value; ≥ 0.
  double ratio_threshold = 0.1;
  Action::Kind action = Action::Kind::stop_trial;
};
/// Validation falls behind training: (validation − training) / |training| is above the ratio, on
/// levels that have both.
TUNESMITH_API std::shared_ptr<StoppingRule> overfit_rule(OverfitRuleOptions options = {});

struct OvertrainingRuleOptions {
  /// Empty: training is not looked at.
  std::string train_metric = {};
  /// Empty: the first objective.
  std::string validation_metric = {};
  /// Levels in a row without improvement that are too many; ≥ 1.
  int patience_train = 5;
  int patience_validation = 10;
  /// Least difference that counts as an improvement; ≥ 0.
  double delta = 0.01;
  Action::Kind action = Action::Kind::stop_trial;
};
/// Training goes on though one of the two losses has reached its plateau.
TUNESMITH_API std::shared_ptr<StoppingRule> overtraining_rule(OvertrainingRuleOptions options = {});

struct ExplodingTensorRuleOptions {
  /// Empty: every metric.
  std::string metric = {};
  /// Infinities are fine.
  bool only_nan = false;
  /// Largest absolute value, e.g. of a gradient's norm; none: any finite one. Above 0.
  std::optional<double> threshold = {};
  Action::Kind action = Action::Kind::stop_trial;
};
/// A metric is NaN, infinite, or too large.
TUNESMITH_API std::shared_ptr<StoppingRule> exploding_tensor_rule(
    ExplodingTensorRuleOptions options = {});

struct VanishingGradientRuleOptions {
  /// A gradient's norm or mean absolute value. Required.
  std::string metric = {};
  /// Above 0.
  double threshold = 1e-7;
  Action::Kind action = Action::Kind::stop_trial;
};
/// The metric's absolute value is below the threshold.
TUNESMITH_API std::shared_ptr<StoppingRule> vanishing_gradient_rule(
    VanishingGradientRuleOptions options = {});

struct DeadReluRuleOptions {
  /// Share of units that are dead, in percent. Required.
  std::string metric = {};
  /// In percent; from 0 to 100.
  double threshold_layer = 50;
  Action::Kind action = Action::Kind::stop_trial;
};
/// Too many units are dead.
TUNESMITH_API std::shared_ptr<StoppingRule> dead_relu_rule(DeadReluRuleOptions options = {});

struct SaturatedActivationRuleOptions {
  /// Share of units that are saturated, in percent. Required.
  std::string metric = {};
  /// In percent; from 0 to 100.
  double threshold_layer = 50;
  Action::Kind action = Action::Kind::stop_trial;
};
/// Too many units are saturated.
TUNESMITH_API std::shared_ptr<StoppingRule> saturated_activation_rule(
    SaturatedActivationRuleOptions options = {});

struct StalledTrainingRuleOptions {
  /// Longest time without a report; above 0. Time during which no tuner is at work does not count.
  Seconds threshold = Seconds(1800);
  Action::Kind action = Action::Kind::stop_trial;
};
/// A running trial reports nothing for a time. The rule sees time through on_time alone, so that it
/// notices with a delay of up to two calls.
TUNESMITH_API std::shared_ptr<StoppingRule> stalled_training_rule(
    StalledTrainingRuleOptions options = {});

}  // namespace tunesmith
