#pragma once

#include <string_view>

#include "search/acquisition_model.hpp"
#include "search/outcome_bounds.hpp"

namespace tunesmith {

/// Two to four objectives: a surrogate for each, joined by the expected growth of the hypervolume
/// above a reference point that what was seen gives: by turns a tenth below the worst of the front
/// and a tenth below the worst of all. Outputs are not warped, which would bend the volume.
class HypervolumeModel final : public AcquisitionModel {
 public:
  static bool handles(std::size_t objectives);

  /// `state`: what `state()` gave with an earlier suggestion, or anything. `number` keys the order
  /// of the incumbents. `encoding` must outlive the model. Precondition: `handles` the objectives.
  HypervolumeModel(const FeatureEncoding& encoding, const TrialHistory& history,
                   std::string_view state, std::uint64_t seed, std::uint64_t number);

  bool is_informative() const override { return !varied_.empty(); }

  /// Log expected hypervolume improvement over the front of the feasible trials' posterior means,
  /// averaged over joint draws of the pending outcomes for two objectives, with the pending
  /// outcomes at their means for more (Ginsbourger, Le Riche & Carraro, "Kriging is well-suited to
  /// parallelize optimization", 2010), plus the log probabilities of the bounds. Without a feasible
  /// trial, the latter alone. Objectives that never differed do not count.
  Acquisition acquisition(const std::vector<Point>& pending, std::uint64_t number) const override;

  /// Points of the front, in random order.
  std::vector<Point> incumbents() const override;
  /// The geometric mean over objectives.
  Vector lengthscales() const override;
  std::string state() const override;

 private:
  const FeatureEncoding& encoding_;
  std::uint64_t seed_;
  std::uint64_t number_;
  std::vector<Point> points_;
  /// Rows that may be on the front.
  std::vector<Eigen::Index> feasible_;
  std::vector<SurrogateModel> objectives_;
  /// Places of the objectives that differ between trials.
  std::vector<std::size_t> varied_;
  OutcomeBounds bounds_;
};

}  // namespace tunesmith
