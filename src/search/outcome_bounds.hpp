#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "search/trial_history.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/surrogate_model.hpp"

namespace tunesmith {

/// The texts between bars: the states of several surrogates, stored as one.
std::vector<std::string_view> split_states(std::string_view text);

/// Nothing where there is no such text or it is no state.
std::optional<FittedState> state_at(const std::vector<std::string_view>& states, std::size_t place,
                                    int groups);

/// Surrogates of what a suggestion has to keep: each outcome constraint and, once a trial failed,
/// not failing.
class OutcomeBounds {
 public:
  /// Warm starts are taken from `states` at place `first` and after.
  OutcomeBounds(const FeatureEncoding& encoding, const TrialHistory& history,
                const std::vector<std::string_view>& states, std::size_t first);

  bool empty() const { return bounds_.empty(); }
  /// Each with a bar before it.
  std::string state() const;

  /// Adds the log probabilities of keeping every bound to `value` and, where it is given, their
  /// gradients to `gradient`.
  void add_to(const Matrix& features, Vector& value, Matrix* gradient) const;

 private:
  struct Bound {
    FittedState state;
    GaussianProcess process;
    double threshold;
  };

  void add(const FeatureEncoding& encoding, const std::vector<Point>& points, const Vector& slacks,
           const std::optional<FittedState>& warm, bool refit_same_rows);

  std::vector<Bound> bounds_;
};

}  // namespace tunesmith
