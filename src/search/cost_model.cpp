#include "search/cost_model.hpp"

#include <cmath>
#include <utility>

#include "surrogate/output_transform.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index max_rows = 500;
/// Stands before the cost surrogate's part of a state.
constexpr char separator = '$';

}  // namespace

std::string_view CostModel::inner_state(std::string_view state) {
  return state.substr(0, state.find(separator));
}

CostModel::CostModel(const FeatureEncoding& encoding, const CostHistory& costs,
                     std::shared_ptr<const AcquisitionModel> model, double weight,
                     std::string_view state)
    : model_(std::move(model)), weight_(weight) {
  const Vector all = Eigen::Map<const Vector>(costs.log_costs.data(),
                                              static_cast<Eigen::Index>(costs.log_costs.size()));
  std::vector<Point> points;
  std::vector<double> kept;
  for (const Eigen::Index row : representative_rows(all, max_rows)) {
    points.push_back(costs.points[static_cast<std::size_t>(row)]);
    kept.push_back(all[row]);
  }
  if (kept.size() < 2) return;
  const Vector y = Eigen::Map<const Vector>(kept.data(), static_cast<Eigen::Index>(kept.size()));
  deviation_ = std::sqrt((y.array() - y.mean()).square().mean());
  const Vector z = standardised(y);
  if (z.cwiseAbs().sum() == 0) return;
  const std::size_t place = state.find(separator);
  const auto warm = place == std::string_view::npos
                        ? std::nullopt
                        : FittedState::from_text(state.substr(place + 1), encoding.shape().groups);
  const SurrogateModel fitted = fit_surrogate_model(
      encoding.shape(), encoding.features(points), z, warm,
      {.warp_outputs = false, .parameters = static_cast<double>(encoding.parameters())});
  fitted_ = fitted.state;
  process_ = std::make_shared<const GaussianProcess>(fitted.data, fitted.state.hyperparameters);
}

Acquisition CostModel::acquisition(const std::vector<Point>& pending, std::uint64_t number) const {
  auto own = model_->acquisition(pending, number);
  if (!process_ || weight_ <= 0) return own;
  // The mean log cost is the same everywhere and left out.
  return [own = std::move(own), process = process_, factor = weight_ * deviation_](
             const Matrix& features, Matrix* gradient) {
    Vector value = own(features, gradient);
    const Prediction prediction = process->predict(features, gradient != nullptr);
    value -= factor * prediction.mean.col(0);
    if (gradient != nullptr) {
      const Eigen::Index rows = features.rows();
      *gradient +=
          process->pull_back(prediction, Matrix::Constant(rows, 1, -factor), Vector::Zero(rows));
    }
    return value;
  };
}

std::string CostModel::state() const {
  return process_ ? model_->state() + separator + fitted_.to_text() : model_->state();
}

}  // namespace tunesmith
