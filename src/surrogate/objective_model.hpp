#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "surrogate/log_posterior.hpp"

namespace tunesmith {

/// What one fit hands on to the next: a warm start, small enough to be stored with each suggestion.
struct FittedState {
  Hyperparameters hyperparameters = {};
  /// Yeo–Johnson's exponent.
  double lambda = 1;
  /// Rows at the last fit.
  int rows = 0;

  /// Exact: doubles in hexadecimal.
  std::string to_text() const;
  /// Nothing when the text is not such a state with this many weight groups.
  static std::optional<FittedState> from_text(std::string_view text, int groups);
};

struct ObjectiveModelOptions {
  /// The warp of the outputs can be left out, e.g. for ±1 labels.
  bool warp_outputs = true;
  /// How many parameters the columns encode.
  double parameters = 1;
};

/// Outputs conditioned and warped, hyperparameters fitted: what a GaussianProcess is built from.
struct ObjectiveModel {
  TrainingData data = {};
  FittedState state = {};
  bool informative = false;
};

/// `values` are to be maximised; not finite: failed. Fitted afresh (several starts) without a warm
/// start, when there are few rows and every tenth row; from the warm start alone otherwise; from
/// 100 rows on only when their number grew by 5 %. Hyperparameters are fitted on at most 300 rows.
/// A pure function of its arguments.
ObjectiveModel fit_objective_model(const KernelShape& shape, const Matrix& x,
                                   std::span<const double> values,
                                   const std::optional<FittedState>& warm,
                                   const ObjectiveModelOptions& options);

}  // namespace tunesmith
