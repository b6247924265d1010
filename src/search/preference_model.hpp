#pragma once

#include <memory>

#include "search/acquisition_model.hpp"
#include "search/space_prior.hpp"

namespace tunesmith {

/// A model whose acquisition heeds the user's prior: plus `weight` times the log prior of the
/// active parameters (Hvarfner et al., "πBO", ICLR 2022).
class PreferenceModel final : public AcquisitionModel {
 public:
  /// `encoding` must outlive the model's acquisition, too.
  PreferenceModel(const FeatureEncoding& encoding, std::shared_ptr<const AcquisitionModel> model,
                  std::shared_ptr<const SpacePrior> prior, double weight);

  bool is_informative() const override { return model_->is_informative(); }
  Acquisition acquisition(const std::vector<Point>& pending, std::uint64_t number) const override;
  /// The model's own, then the prior's mode.
  std::vector<Point> incumbents() const override;
  Vector lengthscales() const override { return model_->lengthscales(); }
  std::string state() const override { return model_->state(); }
  std::optional<Outlook> outlook(const std::vector<Point>& points) const override {
    return model_->outlook(points);
  }

 private:
  const FeatureEncoding& encoding_;
  std::shared_ptr<const AcquisitionModel> model_;
  std::shared_ptr<const SpacePrior> prior_;
  double weight_;
};

/// Adds `weight` times the log prior at rows of features to `value`, and its gradient where there
/// is one; inactive parameters add nothing.
void add_log_prior(const FeatureEncoding& encoding, const SpacePrior& prior, double weight,
                   const Matrix& features, Vector& value, Matrix* gradient);

}  // namespace tunesmith
