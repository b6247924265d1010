#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "surrogate/output_transform.hpp"

namespace tunesmith {

/// What one fit hands on to the next: a warm start, small enough to be stored with each suggestion.
struct FittedState {
  Hyperparameters hyperparameters = {};
  /// Yeo–Johnson's exponent.
  double lambda = 1;
  /// Rows at the last fit.
  int rows = 0;
  InputWarp input_warp = {};

  /// Exact: doubles in hexadecimal.
  std::string to_text() const;
  /// Nothing when the text is not such a state with this many weight groups.
  static std::optional<FittedState> from_text(std::string_view text, int groups);
};

struct SurrogateOptions {
  /// Off, e.g., for ±1 labels.
  bool warp_outputs = true;
  /// How many parameters the columns encode.
  double parameters = 1;
  /// Of `y`.
  ErrorBars errors = {};
  /// Whether as many rows as at the last fit are fitted once more.
  bool refit_same_rows = true;
  /// Whether the first fit of many rows begins with the several starts on some of them alone.
  bool start_on_few_rows = false;
};

/// Outputs warped, hyperparameters fitted: what a GaussianProcess is built from.
struct SurrogateModel {
  TrainingData data = {};
  FittedState state = {};
};

/// `y` is standardised, larger is better. Fitted from several starts without a warm start, when
/// there are few rows and every tenth row; from the warm start alone otherwise; from 100 rows on
/// only when their number grew by 5 %. Hyperparameters are fitted on at most 300 rows. A pure
/// function of its arguments.
SurrogateModel fit_surrogate_model(const KernelShape& shape, const Matrix& x, const Vector& y,
                                   const std::optional<FittedState>& warm,
                                   const SurrogateOptions& options);

/// At most `limit` rows that stand for all: the best quarter of them by `y` and an even spread over
/// the rest; ascending.
std::vector<Eigen::Index> representative_rows(const Vector& y, Eigen::Index limit);

}  // namespace tunesmith
