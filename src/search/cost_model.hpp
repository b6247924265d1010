#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "search/acquisition_model.hpp"
#include "search/cost_history.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/surrogate_model.hpp"

namespace tunesmith {

/// A model whose acquisition heeds what a trial will probably cost: less `weight` times the log of
/// the cost that a surrogate of its own expects. With weight 1 that is the expected improvement per
/// unit of cost (Snoek et al., "Practical Bayesian optimization of machine learning algorithms",
/// NIPS 2012); a weight that falls with the budget left lets expensive places have their turn (cost
/// cooling: Lee et al., "Cost-aware Bayesian optimization", arXiv:2003.10870).
class CostModel final : public AcquisitionModel {
 public:
  /// `state`: what `state()` gave with an earlier suggestion, or anything.
  CostModel(const FeatureEncoding& encoding, const CostHistory& costs,
            std::shared_ptr<const AcquisitionModel> model, double weight, std::string_view state);

  /// Of such a state, the part of the model within.
  static std::string_view inner_state(std::string_view state);

  bool is_informative() const override { return model_->is_informative(); }
  Acquisition acquisition(const std::vector<Point>& pending, std::uint64_t number) const override;
  std::vector<Point> incumbents() const override { return model_->incumbents(); }
  Vector lengthscales() const override { return model_->lengthscales(); }
  std::string state() const override;
  std::optional<Outlook> outlook(const std::vector<Point>& points) const override {
    return model_->outlook(points);
  }

 private:
  std::shared_ptr<const AcquisitionModel> model_;
  double weight_;
  FittedState fitted_;
  /// Of the log cost, standardised; null while costs tell nothing.
  std::shared_ptr<const GaussianProcess> process_;
  /// Deviation of the log costs.
  double deviation_ = 0;
};

}  // namespace tunesmith
