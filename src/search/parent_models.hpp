#pragma once

#include <memory>
#include <vector>

#include "search/feature_encoding.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/numerics.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What earlier studies say of a space: the configurations that were best there, and, of a single
/// objective, a Gaussian process for each, of its own standardised outputs. A pure function of the
/// parents on record.
class ParentModels {
 public:
  ParentModels(const StudyView& view, const FeatureEncoding& encoding);

  /// Whether these are the models of the view's parents.
  bool belong_to(const StudyView& view) const {
    return parents_ == view.parents() && numerics_ == &numerics();
  }

  /// The best configuration of each parent, two of an only one; with several objectives, by turns,
  /// what covers the parents' fronts, their ends first, five in all. No two are equal, and they
  /// keep the constraints.
  const std::vector<Configuration>& best() const { return best_; }
  /// Parents with too few values to learn from have none.
  const std::vector<GaussianProcess>& processes() const { return processes_; }

 private:
  void fit(const ParentStudy& parent, const FeatureEncoding& encoding, const Vector& gains);

  std::vector<std::shared_ptr<const ParentStudy>> parents_;
  const Numerics* numerics_ = &numerics();
  std::vector<Configuration> best_;
  std::vector<GaussianProcess> processes_;
};

}  // namespace tunesmith
