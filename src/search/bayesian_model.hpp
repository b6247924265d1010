#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "search/trial_history.hpp"
#include "surrogate/surrogate_model.hpp"

namespace tunesmith {

/// The surrogates behind one suggestion: of the objective, of each outcome constraint, and, once a
/// trial failed, of failing. Several objectives are joined by an augmented Chebyshev scalarisation
/// with random weights (Knowles, "ParEGO", IEEE Trans. Evol. Comp. 10, 2006): successive
/// suggestions aim at different parts of the front.
class BayesianModel {
 public:
  /// `state`: what `state()` gave with an earlier suggestion, or anything. `number` keys the
  /// weights of several objectives.
  BayesianModel(const FeatureEncoding& encoding, const TrialHistory& history,
                std::string_view state, std::uint64_t seed, std::uint64_t number);

  /// False while the values tell nothing (fewer than two that differ, nothing failed).
  bool is_informative() const { return informative_; }

  /// Log expected improvement over the best feasible mean, averaged over joint draws of the pending
  /// outcomes, plus the log probabilities of keeping each constraint and of not failing, pushed
  /// away from what is pending. Without a feasible trial, all but the improvement.
  std::function<Vector(const Matrix& features, Matrix* gradient)> acquisition(
      const std::vector<Point>& pending, std::uint64_t number) const;

  /// The best trials' points, best first, by the mean of the surrogate.
  std::vector<Point> incumbents() const;
  /// Per coordinate.
  Vector lengthscales() const;
  std::string state() const;

 private:
  struct Bound {
    SurrogateModel model;
    double threshold;
  };

  void fit_objective(const TrialHistory& history, const std::optional<FittedState>& warm);
  void fit_bounds(const TrialHistory& history, const std::vector<std::string_view>& states);
  void add_bound(const std::vector<Point>& points, const Vector& values,
                 const std::vector<std::string_view>& states);

  const FeatureEncoding& encoding_;
  std::uint64_t seed_;
  std::uint64_t number_;
  bool informative_ = false;
  std::vector<Point> points_;
  /// Rows of the objective's data that may be the best.
  std::vector<bool> feasible_;
  SurrogateModel objective_;
  std::vector<Bound> bounds_;
};

}  // namespace tunesmith
