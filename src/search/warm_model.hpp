#pragma once

#include <memory>

#include "search/bayesian_model.hpp"
#include "search/parent_models.hpp"

namespace tunesmith {

/// The study's own surrogate joined by those of earlier studies: the mean is Σ w·m by
/// ranking_weights, each model's outputs standardised on their own, so that a parent that orders
/// the study's trials wrongly has no say. The deviation is the own surrogate's alone (as in Wistuba
/// et al., "Scalable Gaussian process-based transfer surrogates", Machine Learning 107, 2018): it
/// vanishes at trials, pending ones too, whatever the weights are, and parents, however sure, do
/// not keep the study from looking for itself.
class WarmModel final : public AcquisitionModel {
 public:
  /// `number` keys the draws behind the weights.
  WarmModel(const FeatureEncoding& encoding, std::unique_ptr<const BayesianModel> own,
            std::shared_ptr<const ParentModels> parents, std::uint64_t seed, std::uint64_t number);

  bool is_informative() const override { return own_->is_informative(); }
  /// Where no parent has a say, the own model's.
  Acquisition acquisition(const std::vector<Point>& pending, std::uint64_t number) const override;
  /// The own model's, then what was best in the parents.
  std::vector<Point> incumbents() const override;
  Vector lengthscales() const override { return own_->lengthscales(); }
  std::string state() const override { return own_->state(); }
  /// The own model's.
  std::optional<Outlook> outlook(const std::vector<Point>& points) const override {
    return own_->outlook(points);
  }

  bool parents_have_a_say() const { return weights_.tail(weights_.size() - 1).sum() > 0; }

 private:
  const FeatureEncoding& encoding_;
  std::unique_ptr<const BayesianModel> own_;
  std::shared_ptr<const ParentModels> parents_;
  std::uint64_t seed_;
  Vector weights_;
};

}  // namespace tunesmith
