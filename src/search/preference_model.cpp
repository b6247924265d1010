#include "search/preference_model.hpp"

#include <utility>

namespace tunesmith {
namespace {

using Coordinate = FeatureEncoding::Coordinate;

/// A coordinate's place as its columns have it.
double place_of(const Coordinate& c, const Matrix& features, Eigen::Index row) {
  if (c.columns == 0) return c.levels.front();
  if (c.kind != FeatureEncoding::Kind::choice) return features(row, c.column);
  if (c.columns == 1) return c.levels[features(row, c.column) > 0.5 ? 1 : 0];
  Eigen::Index chosen = 0;
  features.row(row).segment(c.column, c.columns).maxCoeff(&chosen);
  // The column after the choices says "inactive", which is told by the conditions.
  return static_cast<std::size_t>(chosen) < c.levels.size()
             ? c.levels[static_cast<std::size_t>(chosen)]
             : 0.5;
}

}  // namespace

void add_log_prior(const FeatureEncoding& encoding, const SpacePrior& prior, double weight,
                   const Matrix& features, Vector& value, Matrix* gradient) {
  const std::vector<Coordinate>& coordinates = encoding.coordinates();
  Point point(static_cast<Eigen::Index>(coordinates.size()));
  for (Eigen::Index row = 0; row < features.rows(); ++row) {
    for (std::size_t i = 0; i < coordinates.size(); ++i)
      point[static_cast<Eigen::Index>(i)] = place_of(coordinates[i], features, row);
    const Point active = encoding.is_conditional() ? encoding.canonical(point) : point;
    for (const SpacePrior::Opinion& opinion : prior.opinions()) {
      const auto i = static_cast<Eigen::Index>(opinion.coordinate);
      if (active[i] < 0) continue;
      value[row] += weight * opinion.prior.log_density(point[i]);
      if (gradient != nullptr)
        (*gradient)(row, coordinates[opinion.coordinate].column) +=
            weight * opinion.prior.slope(point[i]);
    }
  }
}

PreferenceModel::PreferenceModel(const FeatureEncoding& encoding,
                                 std::shared_ptr<const AcquisitionModel> model,
                                 std::shared_ptr<const SpacePrior> prior, double weight)
    : encoding_(encoding), model_(std::move(model)), prior_(std::move(prior)), weight_(weight) {}

Acquisition PreferenceModel::acquisition(const std::vector<Point>& pending,
                                         std::uint64_t number) const {
  return [&encoding = encoding_, own = model_->acquisition(pending, number), prior = prior_,
          weight = weight_](const Matrix& features, Matrix* gradient) {
    Vector value = own(features, gradient);
    add_log_prior(encoding, *prior, weight, features, value, gradient);
    return value;
  };
}

std::vector<Point> PreferenceModel::incumbents() const {
  std::vector<Point> best = model_->incumbents();
  const std::vector<double> mode = prior_->mode();
  best.push_back(encoding_.canonical(
      Eigen::Map<const Vector>(mode.data(), static_cast<Eigen::Index>(mode.size()))));
  return best;
}

}  // namespace tunesmith
