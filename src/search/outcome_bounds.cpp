#include "search/outcome_bounds.hpp"

#include <algorithm>
#include <cmath>

#include "surrogate/acquisition.hpp"
#include "surrogate/output_transform.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index max_rows = 500;

// Keeps the sign and the order, tames the size (Eriksson & Poloczek, "Scalable constrained Bayesian
// optimization", AISTATS 2021).
Vector bilog(const Vector& slacks) {
  std::vector<double> sizes;
  for (double s : slacks) sizes.push_back(std::abs(s));
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2),
                   sizes.end());
  double scale = sizes[sizes.size() / 2];
  if (!(scale > 0)) scale = slacks.cwiseAbs().maxCoeff();
  if (!(scale > 0)) scale = 1;
  return slacks.unaryExpr(
      [scale](double s) { return std::copysign(std::log1p(std::abs(s / scale)), s); });
}

}  // namespace

std::vector<std::string_view> split_states(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('|'), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::optional<FittedState> state_at(const std::vector<std::string_view>& states, std::size_t place,
                                    int groups) {
  if (place >= states.size()) return std::nullopt;
  return FittedState::from_text(states[place], groups);
}

OutcomeBounds::OutcomeBounds(const FeatureEncoding& encoding, const TrialHistory& history,
                             const std::vector<std::string_view>& states, std::size_t first) {
  const std::vector<Observation>& ended = history.ended;
  const auto model_where = [&](const auto& value_of) {
    std::vector<Point> points;
    std::vector<double> values;
    for (const Observation& seen : ended) {
      const double value = value_of(seen);
      if (!std::isfinite(value)) continue;
      points.push_back(seen.point);
      values.push_back(value);
    }
    if (values.empty()) return;
    const Vector v =
        Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
    add(encoding, points, v, state_at(states, first + bounds_.size(), encoding.shape().groups),
        history.pending.empty());
  };
  const std::size_t slacks = ended.empty() ? 0 : ended.front().slacks.size();
  for (std::size_t k = 0; k < slacks; ++k)
    model_where([k](const Observation& seen) { return seen.slacks[k]; });
  const bool any_failed =
      std::any_of(ended.begin(), ended.end(), [](const Observation& o) { return o.failed; });
  if (any_failed) model_where([](const Observation& seen) { return seen.failed ? -1.0 : 1.0; });
}

void OutcomeBounds::add(const FeatureEncoding& encoding, const std::vector<Point>& points,
                        const Vector& slacks, const std::optional<FittedState>& warm,
                        bool refit_same_rows) {
  const Vector tamed = bilog(slacks);
  std::vector<Point> kept;
  std::vector<double> kept_values;
  for (const Eigen::Index row : representative_rows(tamed, max_rows)) {
    kept.push_back(points[static_cast<std::size_t>(row)]);
    kept_values.push_back(tamed[row]);
  }
  const Vector y =
      Eigen::Map<const Vector>(kept_values.data(), static_cast<Eigen::Index>(kept_values.size()));
  const Vector z = standardised(y);
  const double deviation =
      std::sqrt((y.array() - y.mean()).square().sum() / static_cast<double>(y.size()));
  const bool flat = z.cwiseAbs().sum() == 0;
  const SurrogateModel model =
      fit_surrogate_model(encoding.shape(), encoding.features(kept), z, warm,
                          {.warp_outputs = false,
                           .parameters = static_cast<double>(encoding.parameters()),
                           .refit_same_rows = refit_same_rows});
  // Where all slacks agree, the bound lies one deviation away on the side they tell.
  const double threshold = flat ? (y[0] >= 0 ? -1.0 : 1.0) : -y.mean() / deviation;
  bounds_.push_back(
      {model.state, GaussianProcess(model.data, model.state.hyperparameters), threshold});
}

std::string OutcomeBounds::state() const {
  std::string text;
  for (const Bound& bound : bounds_) text += "|" + bound.state.to_text();
  return text;
}

void OutcomeBounds::add_to(const Matrix& features, Vector& value, Matrix* gradient) const {
  for (const Bound& bound : bounds_) {
    const Prediction prediction = bound.process.predict(features, gradient != nullptr);
    const AcquisitionValues a =
        log_probability_above(prediction.mean, prediction.deviation, bound.threshold);
    value += a.value;
    if (gradient != nullptr)
      *gradient += bound.process.pull_back(prediction, a.by_mean, a.by_deviation);
  }
}

}  // namespace tunesmith
