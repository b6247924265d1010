#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "search/acquisition_model.hpp"
#include "search/outcome_bounds.hpp"
#include "search/output_scale.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/surrogate_model.hpp"

namespace tunesmith {

/// The surrogates behind one suggestion: of the objective, of each outcome constraint, and, once a
/// trial failed, of failing. Several objectives are joined by an augmented Chebyshev scalarisation
/// with random weights (Knowles, "ParEGO", IEEE Trans. Evol. Comp. 10, 2006): successive
/// suggestions aim at different parts of the front.
class BayesianModel final : public AcquisitionModel {
 public:
  /// `state`: what `state()` gave with an earlier suggestion, or anything. `number` keys the
  /// weights of several objectives.
  BayesianModel(const FeatureEncoding& encoding, const TrialHistory& history,
                std::string_view state, std::uint64_t seed, std::uint64_t number);

  /// False while the values tell nothing (fewer than two that differ, nothing failed).
  bool is_informative() const override { return informative_; }

  /// Log expected improvement over the best feasible mean, averaged over joint draws of the pending
  /// outcomes, plus the log probabilities of keeping each constraint and of not failing. Without a
  /// feasible trial, all but the improvement.
  Acquisition acquisition(const std::vector<Point>& pending, std::uint64_t number) const override;

  std::optional<ImprovementParts> parts() const override;

  /// The best trials' points, best first, by the mean of the surrogate.
  std::vector<Point> incumbents() const override;
  /// Per coordinate.
  Vector lengthscales() const override;
  std::string state() const override;
  /// Of one objective, once a trial is feasible; trials that run are left aside. The confidence is
  /// that of Makarova et al., "Automatic termination for hyperparameter optimization", AutoML 2022.
  std::optional<Outlook> outlook(const std::vector<Point>& points) const override;

  /// The objective's posterior while nothing is pending. Precondition, here and above:
  /// is_informative().
  const GaussianProcess& process() const { return *process_; }
  const SurrogateModel& objective() const { return objective_; }
  /// Per row of the objective's data.
  const std::vector<bool>& feasible() const { return feasible_; }
  const OutcomeBounds& bounds() const { return bounds_; }

 private:
  /// Of the incumbents, in their order.
  std::vector<std::size_t> best_rows() const;
  void fit_objective(const TrialHistory& history, const std::optional<FittedState>& warm);

  const FeatureEncoding& encoding_;
  std::uint64_t seed_;
  std::uint64_t number_;
  bool informative_ = false;
  std::vector<Point> points_;
  /// Rows of the objective's data that may be the best.
  std::vector<bool> feasible_;
  /// What the outputs stand for, where there is one objective.
  std::optional<OutputScale> scale_;
  SurrogateModel objective_;
  /// Built once; null while the values tell nothing.
  std::shared_ptr<const GaussianProcess> process_;
  OutcomeBounds bounds_;
};

}  // namespace tunesmith
