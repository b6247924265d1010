#include "search/bayesian_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "core/random.hpp"
#include "search/fantasies.hpp"
#include "surrogate/acquisition.hpp"
#include "surrogate/gaussian_process.hpp"
#include "surrogate/output_transform.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index max_rows = 500;
constexpr Eigen::Index most_fantasies = 64;
constexpr Eigen::Index fewest_fantasies = 8;
constexpr std::size_t incumbents_kept = 5;
constexpr double minus_infinity = -std::numeric_limits<double>::infinity();
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// Fewer the more trials are pending, so that a suggestion in a large batch does not cost more: each
// of the batch averages over draws of its own.
Eigen::Index fantasies(Eigen::Index pending) {
  return std::clamp(512 / pending / 2 * 2, fewest_fantasies, most_fantasies);
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

}  // namespace

BayesianModel::BayesianModel(const FeatureEncoding& encoding, const TrialHistory& history,
                             std::string_view state, std::uint64_t seed, std::uint64_t number)
    : encoding_(encoding),
      seed_(seed),
      number_(number),
      bounds_(encoding, history, split_states(state), 1) {
  fit_objective(history, state_at(split_states(state), 0, encoding.shape().groups));
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
  if (informative_)
    process_ =
        std::make_shared<const GaussianProcess>(objective_.data, objective_.state.hyperparameters);
}

std::function<Vector(const Matrix&, Matrix*)> BayesianModel::acquisition(
    const std::vector<Point>& pending, std::uint64_t number) const {
  const auto p = static_cast<Eigen::Index>(pending.size());
  std::shared_ptr<const GaussianProcess> process = process_;
  if (p > 0) {
    RandomStream random(seed_, number, "fantasies");
    process = std::make_shared<const GaussianProcess>(
        objective_.data, objective_.state.hyperparameters, encoding_.features(pending),
        fantasy_normals(p, fantasies(p), random));
  }
  Vector incumbents = Vector::Constant(process->fitted_means().cols(), minus_infinity);
  for (Eigen::Index j = 0; j < incumbents.size(); ++j) {
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
  return
      [process, incumbents, improve, bounds = bounds_](const Matrix& features, Matrix* gradient) {
        Vector value = Vector::Zero(features.rows());
        if (gradient != nullptr) *gradient = Matrix::Zero(features.rows(), features.cols());
        if (improve) {
          const Prediction prediction = process->predict(features, gradient != nullptr);
          const AcquisitionValues a =
              log_expected_improvement(prediction.mean, prediction.deviation, incumbents);
          value += a.value;
          if (gradient != nullptr)
            *gradient += process->pull_back(prediction, a.by_mean, a.by_deviation);
        }
        bounds.add_to(features, value, gradient);
        return value;
      };
}

std::vector<Point> BayesianModel::incumbents() const {
  const Matrix& means = process_->fitted_means();
  std::vector<std::size_t> order(points_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (feasible_[a] != feasible_[b]) return static_cast<bool>(feasible_[a]);
    return means(static_cast<Eigen::Index>(a), 0) > means(static_cast<Eigen::Index>(b), 0);
  });
  std::vector<Point> best;
  for (std::size_t i = 0; i < std::min(order.size(), incumbents_kept); ++i)
    best.push_back(points_[order[i]]);
  return best;
}

Vector BayesianModel::lengthscales() const {
  return encoding_.lengthscales(objective_.state.hyperparameters.log_weights);
}

std::string BayesianModel::state() const { return objective_.state.to_text() + bounds_.state(); }

}  // namespace tunesmith
