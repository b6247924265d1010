#include "search/bayesian_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
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
/// The probability that a bound is to fail with, and least one of being feasible.
constexpr double doubt = 0.1;
constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// Fewer the more trials are pending, so that a suggestion in a large batch does not cost more: each
// of the batch averages over draws of its own.
Eigen::Index fantasies(Eigen::Index pending) {
  return std::clamp(512 / pending / 2 * 2, fewest_fantasies, most_fantasies);
}

struct Outcomes {
  /// NaN where the trial failed.
  std::vector<double> values = {};
  /// NaN where not known.
  std::vector<double> errors = {};
};

// Every objective scaled to [0, 1] over what was seen, then min_k w_k·f_k + 0.05·Σ w_k·f_k with f_k
// ≤ 0 below the best: weights uniform on the simplex, by normalised exponentials. Errors of the
// objectives are taken as independent.
Outcomes scalarised(const std::vector<Observation>& ended, RandomStream& random) {
  Outcomes out{std::vector<double>(ended.size(), unknown),
               std::vector<double>(ended.size(), unknown)};
  if (ended.empty()) return out;
  const std::size_t count = ended.front().objectives.size();
  if (count == 1) {
    for (std::size_t i = 0; i < ended.size(); ++i) {
      if (ended[i].failed) continue;
      out.values[i] = ended[i].objectives[0];
      out.errors[i] = ended[i].error(0);
    }
    return out;
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
    double of_smallest = 0;
    double squares = 0;
    for (std::size_t k = 0; k < count; ++k) {
      // Halves keep the range of huge values finite.
      const double range = seen[k].best / 2 - seen[k].worst / 2;
      const double f = range > 0 ? (ended[i].objectives[k] / 2 - seen[k].best / 2) / range : 0;
      const double weighted = weights[k] / sum * f;
      const double known = std::isfinite(ended[i].error(k)) ? ended[i].error(k) : 0;
      const double error = range > 0 ? weights[k] / sum * (known / 2 / range) : 0;
      squares += std::pow(0.05 * error, 2);
      if (weighted < smallest) of_smallest = error;
      smallest = std::min(smallest, weighted);
      total += weighted;
    }
    out.values[i] = smallest + 0.05 * total;
    out.errors[i] =
        std::sqrt(squares + (std::pow(1.05, 2) - std::pow(0.05, 2)) * std::pow(of_smallest, 2));
  }
  return out;
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
  const Outcomes all = scalarised(history.ended, random);
  const ConditionedOutputs outputs = condition_outputs(all.values);
  informative_ = outputs.informative;
  Outcomes kept;
  for (const Eigen::Index row : representative_rows(outputs.z, max_rows)) {
    const Observation& seen = history.ended[static_cast<std::size_t>(row)];
    points_.push_back(seen.point);
    kept.values.push_back(all.values[static_cast<std::size_t>(row)]);
    kept.errors.push_back(all.errors[static_cast<std::size_t>(row)]);
    feasible_.push_back(seen.is_feasible());
  }
  const ConditionedOutputs fitted = condition_outputs(kept.values, kept.errors);
  const bool single = history.ended.empty() || history.ended.front().objectives.size() == 1;
  objective_ = fit_surrogate_model(encoding_.shape(), encoding_.features(points_), fitted.z, warm,
                                   {.parameters = static_cast<double>(encoding_.parameters()),
                                    .errors = fitted.errors,
                                    // The outputs of several objectives change with their weights.
                                    .refit_same_rows = history.pending.empty() || !single,
                                    .start_on_few_rows = true});
  if (single && !history.ended.empty()) scale_.emplace(kept.values, objective_.data.z);
  if (informative_)
    process_ =
        std::make_shared<const GaussianProcess>(objective_.data, objective_.state.hyperparameters);
}

Acquisition BayesianModel::acquisition(const std::vector<Point>& pending,
                                       std::uint64_t number) const {
  const auto p = static_cast<Eigen::Index>(pending.size());
  std::shared_ptr<const GaussianProcess> process = process_;
  if (p > 0) {
    RandomStream random(seed_, number, "fantasies");
    process = std::make_shared<const GaussianProcess>(
        objective_.data, objective_.state.hyperparameters, encoding_.features(pending),
        fantasy_normals(p, fantasies(p), random));
  }
  const Vector incumbents = best_means(process->fitted_means(), feasible_, bounds_.empty());
  return acquisition_of(
      feasible_, log_improvement(std::move(process), incumbents),
      [bounds = bounds_](const Matrix& features, Vector& value, Matrix* gradient) {
        bounds.add_to(features, value, gradient);
      });
}

std::optional<ImprovementParts> BayesianModel::parts() const {
  ImprovementParts parts{.objective = &objective_,
                         .process = process_.get(),
                         .feasible = feasible_,
                         .pending_counts = bounds_.empty()};
  if (!bounds_.empty()) {
    parts.add_others = [this](const Matrix& features, Vector& value, Matrix* gradient) {
      bounds_.add_to(features, value, gradient);
    };
    parts.others = bounds_.state();
  }
  return parts;
}

std::vector<Point> BayesianModel::incumbents() const {
  std::vector<Point> best;
  for (const std::size_t row : best_rows()) best.push_back(points_[row]);
  return best;
}

std::vector<std::size_t> BayesianModel::best_rows() const {
  const Matrix& means = process_->fitted_means();
  std::vector<std::size_t> order(points_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (feasible_[a] != feasible_[b]) return static_cast<bool>(feasible_[a]);
    return means(static_cast<Eigen::Index>(a), 0) > means(static_cast<Eigen::Index>(b), 0);
  });
  std::vector<std::size_t> best;
  for (const std::size_t row : order) {
    if (best.size() == incumbents_kept) break;
    // A point that was evaluated again has several rows.
    const auto is_same = [&](std::size_t other) { return points_[other] == points_[row]; };
    if (std::none_of(best.begin(), best.end(), is_same)) best.push_back(row);
  }
  return best;
}

std::optional<Outlook> BayesianModel::outlook(const std::vector<Point>& points) const {
  std::vector<std::size_t> best = best_rows();
  std::erase_if(best, [&](std::size_t row) { return !feasible_[row]; });
  if (!scale_ || points.empty() || best.empty()) return std::nullopt;
  std::vector<Point> all = points;
  for (const std::size_t row : best) all.push_back(points_[row]);
  const Matrix features = encoding_.features(all);
  const Prediction prediction = process_->predict(features, false);
  Vector log_feasible = Vector::Zero(features.rows());
  bounds_.add_to(features, log_feasible, nullptr);

  const double d = std::max(encoding_.parameters(), 1);
  const double angle = static_cast<double>(points_.size()) * std::numbers::pi;
  const double beta = 2 * std::log(d * angle * angle / (6 * doubt)) / 5;
  const auto count = static_cast<Eigen::Index>(points.size());
  double highest = minus_infinity;
  double surest = minus_infinity;
  for (Eigen::Index i = 0; i < features.rows(); ++i) {
    const bool known = i >= count;
    const double reach = std::sqrt(beta) * prediction.deviation[i];
    if (known || log_feasible[i] > std::log(doubt))
      highest = std::max(highest, prediction.mean(i, 0) + reach);
    if (known) surest = std::max(surest, prediction.mean(i, 0) - reach);
  }
  const auto top = static_cast<Eigen::Index>(best.front());
  const double value = process_->fitted_means()(top, 0);
  const Vector log_gains =
      log_expected_improvement(prediction.mean.topRows(count), prediction.deviation.head(count),
                               Vector::Constant(1, value))
          .value +
      log_feasible.head(count);
  const double noise = objective_.data.noise_variances(process_->noise())[top];
  return Outlook{.expected_gain = scale_->difference(value, std::exp(log_gains.maxCoeff())),
                 .regret_bound = scale_->difference(value, highest - surest),
                 .noise = scale_->difference(value, std::sqrt(noise))};
}

Vector BayesianModel::lengthscales() const {
  return encoding_.lengthscales(objective_.state.hyperparameters.log_weights);
}

std::string BayesianModel::state() const { return objective_.state.to_text() + bounds_.state(); }

}  // namespace tunesmith
