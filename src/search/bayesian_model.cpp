#include "search/bayesian_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "core/random.hpp"
#include "surrogate/acquisition.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/output_transform.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index max_rows = 500;
constexpr Eigen::Index fantasies = 16;
constexpr std::size_t incumbents_kept = 5;
constexpr double minus_infinity = -std::numeric_limits<double>::infinity();
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('|'), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// Every objective scaled to [0, 1] over what was seen, then min_k w_k·f_k + 0.05·Σ w_k·f_k with f_k
// ≤ 0 below the best: weights uniform on the simplex, by normalised exponentials.
std::vector<double> scalarised(const std::vector<Observation>& ended, RandomStream& random) {
  std::vector<double> values(ended.size(), unknown);
  if (ended.empty()) return values;
  const std::size_t count = ended.front().objectives.size();
  if (count == 1) {
    for (std::size_t i = 0; i < ended.size(); ++i)
      if (!ended[i].failed) values[i] = ended[i].objectives[0];
    return values;
  }
  std::vector<double> weights(count);
  for (double& w : weights) w = -std::log1p(-random.uniform());
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  struct Seen {
    double best = minus_infinity;
    double worst = -minus_infinity;
  };
  std::vector<Seen> seen(count);
  for (const Observation& o : ended)
    for (std::size_t k = 0; !o.failed && k < count; ++k) {
      seen[k].best = std::max(seen[k].best, o.objectives[k]);
      seen[k].worst = std::min(seen[k].worst, o.objectives[k]);
    }
  for (std::size_t i = 0; i < ended.size(); ++i) {
    if (ended[i].failed) continue;
    double smallest = 0;
    double total = 0;
    for (std::size_t k = 0; k < count; ++k) {
      // Halves keep the range of huge values finite.
      const double range = seen[k].best / 2 - seen[k].worst / 2;
      const double f = range > 0 ? (ended[i].objectives[k] / 2 - seen[k].best / 2) / range : 0;
      const double weighted = weights[k] / sum * f;
      smallest = std::min(smallest, weighted);
      total += weighted;
    }
    values[i] = smallest + 0.05 * total;
  }
  return values;
}

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

struct Part {
  GaussianProcess process;
  double threshold;
};

// ln Π_j (1 − correlation with pending point j): keeps simultaneous trials apart, in the metric of
// the kernel, where joint draws alone would let them huddle at a peak (after González et al.,
// "Batch Bayesian optimization via local penalization", AISTATS 2016).
class Repulsion {
 public:
  Repulsion(const KernelShape& shape, const Vector& log_weights, Matrix pending)
      : shape_(shape),
        log_weights_(log_weights),
        weights_(column_weights(shape, log_weights)),
        pending_(std::move(pending)),
        scaled_(scale_columns(pending_, shape, log_weights)) {}

  void add_to(const Matrix& features, Vector& value, Matrix* gradient) const {
    if (pending_.rows() == 0) return;
    Matrix correlation;
    Matrix slope;
    correlations(scaled_, scale_columns(features, shape_, log_weights_), correlation, slope);
    const Matrix apart = (1.0 - correlation.array()).max(1e-12).matrix();
    value += apart.array().log().matrix().colwise().sum().transpose();
    if (gradient == nullptr) return;
    const Matrix pull = -slope.cwiseQuotient(apart);
    const Matrix by_features =
        pull.colwise().sum().transpose().asDiagonal() * features - pull.transpose() * pending_;
    *gradient += 2.0 * by_features * weights_.asDiagonal();
  }

 private:
  KernelShape shape_;
  Vector log_weights_;
  Vector weights_;
  Matrix pending_;
  Matrix scaled_;
};

}  // namespace

BayesianModel::BayesianModel(const FeatureEncoding& encoding, const TrialHistory& history,
                             std::string_view state, std::uint64_t seed, std::uint64_t number)
    : encoding_(encoding), seed_(seed), number_(number) {
  const std::vector<std::string_view> states = split(state);
  std::optional<FittedState> warm;
  if (!states.empty()) warm = FittedState::from_text(states.front(), encoding.shape().groups);
  fit_objective(history, warm);
  fit_bounds(history, states);
}

void BayesianModel::fit_objective(const TrialHistory& history,
                                  const std::optional<FittedState>& warm) {
  RandomStream random(seed_, number_, "scalarisation");
  const std::vector<double> all = scalarised(history.ended, random);
  const ConditionedOutputs outputs = condition_outputs(all);
  informative_ = outputs.informative;
  std::vector<double> kept;
  for (const Eigen::Index row : representative_rows(outputs.z, max_rows)) {
    const Observation& seen = history.ended[static_cast<std::size_t>(row)];
    points_.push_back(seen.point);
    kept.push_back(all[static_cast<std::size_t>(row)]);
    feasible_.push_back(seen.is_feasible());
  }
  objective_ =
      fit_surrogate_model(encoding_.shape(), encoding_.features(points_), condition_outputs(kept).z,
                          warm, {.parameters = static_cast<double>(encoding_.parameters())});
}

void BayesianModel::fit_bounds(const TrialHistory& history,
                               const std::vector<std::string_view>& states) {
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
    add_bound(points, v, states);
  };
  const std::size_t slacks = ended.empty() ? 0 : ended.front().slacks.size();
  for (std::size_t k = 0; k < slacks; ++k)
    model_where([k](const Observation& seen) { return seen.slacks[k]; });
  const bool any_failed =
      std::any_of(ended.begin(), ended.end(), [](const Observation& o) { return o.failed; });
  if (any_failed) model_where([](const Observation& seen) { return seen.failed ? -1.0 : 1.0; });
}

void BayesianModel::add_bound(const std::vector<Point>& points, const Vector& values,
                              const std::vector<std::string_view>& states) {
  const Vector tamed = bilog(values);
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
  const std::size_t place = bounds_.size() + 1;
  std::optional<FittedState> warm;
  if (place < states.size()) warm = FittedState::from_text(states[place], encoding_.shape().groups);
  SurrogateModel model = fit_surrogate_model(
      encoding_.shape(), encoding_.features(kept), z, warm,
      {.warp_outputs = false, .parameters = static_cast<double>(encoding_.parameters())});
  // Where all slacks agree, the bound lies one deviation away on the side they tell.
  const double threshold = flat ? (y[0] >= 0 ? -1.0 : 1.0) : -y.mean() / deviation;
  bounds_.push_back({std::move(model), threshold});
}

std::function<Vector(const Matrix&, Matrix*)> BayesianModel::acquisition(
    const std::vector<Point>& pending, std::uint64_t number) const {
  const auto p = static_cast<Eigen::Index>(pending.size());
  Matrix normals = Matrix::Zero(p, p > 0 ? fantasies : 1);
  // Antithetic pairs: the fantasies' mean is the posterior's.
  RandomStream random(seed_, number, "fantasies");
  for (Eigen::Index j = 0; j + 1 < normals.cols(); j += 2)
    for (Eigen::Index i = 0; i < p; ++i) {
      normals(i, j) = random.normal();
      normals(i, j + 1) = -normals(i, j);
    }
  const auto process = std::make_shared<const GaussianProcess>(
      objective_.data, objective_.state.hyperparameters, encoding_.features(pending), normals);
  Vector incumbents = Vector::Constant(normals.cols(), minus_infinity);
  for (Eigen::Index j = 0; j < normals.cols(); ++j) {
    for (std::size_t i = 0; i < feasible_.size(); ++i)
      if (feasible_[i])
        incumbents[j] =
            std::max(incumbents[j], process->fitted_means()(static_cast<Eigen::Index>(i), j));
    // What is pending will be known, too; whether it will be feasible is not, so it counts only
    // where nothing can break.
    if (bounds_.empty() && p > 0)
      incumbents[j] = std::max(incumbents[j], process->fitted_means().col(j).tail(p).maxCoeff());
  }
  const bool improve =
      std::any_of(feasible_.begin(), feasible_.end(), [](bool feasible) { return feasible; });
  std::vector<Part> parts;
  for (const Bound& bound : bounds_)
    parts.push_back(
        {GaussianProcess(bound.model.data, bound.model.state.hyperparameters), bound.threshold});

  const Repulsion repulsion(encoding_.shape(), objective_.state.hyperparameters.log_weights,
                            encoding_.features(pending));
  return
      [process, incumbents, improve, parts, repulsion](const Matrix& features, Matrix* gradient) {
        Vector value = Vector::Zero(features.rows());
        if (gradient != nullptr) *gradient = Matrix::Zero(features.rows(), features.cols());
        const auto add = [&](const GaussianProcess& model, const auto& term) {
          const Prediction prediction = model.predict(features, gradient != nullptr);
          const AcquisitionValues a = term(prediction);
          value += a.value;
          if (gradient != nullptr)
            *gradient += model.pull_back(prediction, a.by_mean, a.by_deviation);
        };
        if (improve)
          add(*process, [&](const Prediction& prediction) {
            return log_expected_improvement(prediction.mean, prediction.deviation, incumbents);
          });
        for (const Part& part : parts)
          add(part.process, [&](const Prediction& prediction) {
            return log_probability_above(prediction.mean, prediction.deviation, part.threshold);
          });
        repulsion.add_to(features, value, gradient);
        return value;
      };
}

std::vector<Point> BayesianModel::incumbents() const {
  if (points_.empty()) return {};
  const GaussianProcess process(objective_.data, objective_.state.hyperparameters);
  std::vector<std::size_t> order(points_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (feasible_[a] != feasible_[b]) return static_cast<bool>(feasible_[a]);
    return process.fitted_means()(static_cast<Eigen::Index>(a), 0) >
           process.fitted_means()(static_cast<Eigen::Index>(b), 0);
  });
  std::vector<Point> best;
  for (std::size_t i = 0; i < std::min(order.size(), incumbents_kept); ++i)
    best.push_back(points_[order[i]]);
  return best;
}

Vector BayesianModel::lengthscales() const {
  const auto& coordinates = encoding_.coordinates();
  Vector scales = Vector::Ones(static_cast<Eigen::Index>(coordinates.size()));
  for (std::size_t i = 0; i < coordinates.size(); ++i)
    if (coordinates[i].group >= 0)
      scales[static_cast<Eigen::Index>(i)] =
          std::exp(-0.5 * objective_.state.hyperparameters.log_weights[coordinates[i].group]);
  return scales;
}

std::string BayesianModel::state() const {
  std::string text = objective_.state.to_text();
  for (const Bound& bound : bounds_) text += "|" + bound.model.state.to_text();
  return text;
}

}  // namespace tunesmith
