#include "search/hypervolume_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/random.hpp"
#include "search/fantasies.hpp"
#include "surrogate/hypervolume_improvement.hpp"
#include "surrogate/output_transform.hpp"
#include "surrogate/pareto.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index max_rows = 500;
constexpr Eigen::Index fantasies_of_two = 8;
constexpr std::size_t incumbents_kept = 10;

// Boxes grow with the square of the front for four objectives.
Eigen::Index front_limit(Eigen::Index objectives) { return objectives < 4 ? 100 : 50; }

Matrix rows_of(const Matrix& values, const std::vector<Eigen::Index>& rows) {
  return values(rows, Eigen::all);
}

// Per objective a column, and the errors; failed trials are the worst in each.
Matrix conditioned(const std::vector<Observation>& ended, std::vector<std::size_t>& varied,
                   std::vector<ErrorBars>& errors) {
  const std::size_t count = ended.empty() ? 0 : ended.front().objectives.size();
  Matrix z(static_cast<Eigen::Index>(ended.size()), static_cast<Eigen::Index>(count));
  std::vector<double> values(ended.size());
  std::vector<double> errors_of_values(ended.size());
  for (std::size_t k = 0; k < count; ++k) {
    for (std::size_t i = 0; i < ended.size(); ++i) {
      values[i] =
          ended[i].failed ? std::numeric_limits<double>::quiet_NaN() : ended[i].objectives[k];
      errors_of_values[i] = ended[i].error(k);
    }
    const ConditionedOutputs outputs = condition_outputs(values, errors_of_values);
    errors.push_back(outputs.errors);
    z.col(static_cast<Eigen::Index>(k)) = outputs.z;
    if (outputs.informative) varied.push_back(k);
  }
  return z;
}

// The best layers and an even spread over the rest.
std::vector<Eigen::Index> kept_rows(const Matrix& z) {
  Vector depth = Vector::Zero(z.rows());
  if (z.rows() > max_rows) {
    const std::vector<int> layers = non_dominated_layers(z);
    for (Eigen::Index i = 0; i < depth.size(); ++i) depth[i] = -layers[static_cast<std::size_t>(i)];
  }
  return representative_rows(depth, max_rows);
}

BoxDecomposition region_above(const Matrix& outcomes, const Vector& reference) {
  Matrix front = rows_of(outcomes, non_dominated_rows(outcomes));
  const Eigen::Index limit = front_limit(front.cols());
  if (front.rows() > limit) front = rows_of(front, covering_rows(front, limit));
  return non_dominated_boxes(front, reference);
}

}  // namespace

bool HypervolumeModel::handles(std::size_t objectives) {
  return objectives >= 2 && objectives <= static_cast<std::size_t>(most_boxed_objectives);
}

HypervolumeModel::HypervolumeModel(const FeatureEncoding& encoding, const TrialHistory& history,
                                   std::string_view state, std::uint64_t seed, std::uint64_t number)
    : encoding_(encoding),
      seed_(seed),
      number_(number),
      bounds_(encoding, history, split_states(state),
              history.ended.empty() ? 0 : history.ended.front().objectives.size()) {
  const std::vector<std::string_view> states = split_states(state);
  std::vector<ErrorBars> errors;
  const Matrix all = conditioned(history.ended, varied_, errors);
  const std::vector<Eigen::Index> rows = kept_rows(all);
  for (const Eigen::Index row : rows) {
    const Observation& seen = history.ended[static_cast<std::size_t>(row)];
    if (seen.is_feasible()) feasible_.push_back(static_cast<Eigen::Index>(points_.size()));
    points_.push_back(seen.point);
  }
  const Matrix features = encoding.features(points_);
  for (Eigen::Index k = 0; k < all.cols(); ++k) {
    const auto place = static_cast<std::size_t>(k);
    const Vector kept = all(rows, k);
    // With exponent 1 the errors are standardised alone.
    objectives_.push_back(
        fit_surrogate_model(encoding.shape(), features, standardised(kept),
                            state_at(states, place, encoding.shape().groups),
                            {.warp_outputs = false,
                             .parameters = static_cast<double>(encoding.parameters()),
                             .errors = yeo_johnson(kept, errors[place].at(rows), 1)}));
  }
}

Acquisition HypervolumeModel::acquisition(const std::vector<Point>& pending,
                                          std::uint64_t number) const {
  const auto p = static_cast<Eigen::Index>(pending.size());
  const bool draw = p > 0 && varied_.size() <= 2;
  const Eigen::Index fantasies = draw ? fantasies_of_two : 1;
  RandomStream random(seed_, number, "fantasies");
  std::vector<GaussianProcess> processes;
  const Matrix pending_features = encoding_.features(pending);
  for (const std::size_t k : varied_) {
    processes.emplace_back(objectives_[k].data, objectives_[k].state.hyperparameters,
                           pending_features, fantasy_normals(p, fantasies, random));
  }

  std::vector<BoxDecomposition> regions;
  if (!feasible_.empty()) {
    // What is pending will be known, too; whether it will be feasible is not, so it counts only
    // where nothing can break.
    std::vector<Eigen::Index> counting = feasible_;
    for (Eigen::Index i = 0; bounds_.empty() && i < p; ++i)
      counting.push_back(static_cast<Eigen::Index>(points_.size()) + i);
    const auto outcomes = [&](Eigen::Index fantasy) {
      Matrix values(static_cast<Eigen::Index>(points_.size()) + p,
                    static_cast<Eigen::Index>(varied_.size()));
      for (std::size_t k = 0; k < processes.size(); ++k)
        values.col(static_cast<Eigen::Index>(k)) = processes[k].fitted_means().col(fantasy);
      return values;
    };
    // Far below, suggestions stretch the front, and hope for much beyond its ends; close below,
    // they fill and advance it, and would stay within the ends it has: by turns.
    const bool far = number % 2 == 0;
    for (Eigen::Index j = 0; j < fantasies; ++j) {
      const Matrix values = outcomes(j);
      const Matrix known = rows_of(values, feasible_);
      const Vector reference =
          far ? inferred_reference(known, known)
              : inferred_reference(rows_of(known, non_dominated_rows(known)), known);
      regions.push_back(region_above(rows_of(values, counting), reference));
    }
  }

  return [processes = std::move(processes), regions = std::move(regions), bounds = bounds_](
             const Matrix& features, Matrix* gradient) {
    Vector value = Vector::Zero(features.rows());
    if (gradient != nullptr) *gradient = Matrix::Zero(features.rows(), features.cols());
    if (!regions.empty()) {
      std::vector<Prediction> predictions;
      std::vector<Matrix> means;
      std::vector<Vector> deviations;
      for (const GaussianProcess& process : processes) {
        predictions.push_back(process.predict(features, gradient != nullptr));
        means.push_back(predictions.back().mean);
        deviations.push_back(predictions.back().deviation);
      }
      const HypervolumeImprovement gain =
          log_expected_hypervolume_improvement(means, deviations, regions);
      value += gain.value;
      for (std::size_t k = 0; gradient != nullptr && k < processes.size(); ++k)
        *gradient += processes[k].pull_back(predictions[k], gain.by_mean[k], gain.by_deviation[k]);
    }
    bounds.add_to(features, value, gradient);
    return value;
  };
}

std::vector<Point> HypervolumeModel::incumbents() const {
  std::vector<Point> points;
  if (feasible_.empty()) return points;
  Matrix values(static_cast<Eigen::Index>(points_.size()),
                static_cast<Eigen::Index>(varied_.size()));
  for (std::size_t k = 0; k < varied_.size(); ++k)
    values.col(static_cast<Eigen::Index>(k)) = objectives_[varied_[k]].data.z;
  std::vector<Eigen::Index> front = non_dominated_rows(rows_of(values, feasible_));
  RandomStream random(seed_, number_, "front");
  for (std::size_t i = front.size(); i > 1; --i) std::swap(front[i - 1], front[random.below(i)]);
  for (std::size_t i = 0; i < std::min(front.size(), incumbents_kept); ++i)
    points.push_back(
        points_[static_cast<std::size_t>(feasible_[static_cast<std::size_t>(front[i])])]);
  return points;
}

Vector HypervolumeModel::lengthscales() const {
  Vector log_weights = Vector::Zero(encoding_.shape().groups);
  for (const std::size_t k : varied_)
    log_weights += objectives_[k].state.hyperparameters.log_weights;
  return encoding_.lengthscales(log_weights / static_cast<double>(varied_.size()));
}

std::string HypervolumeModel::state() const {
  std::string text;
  for (const SurrogateModel& model : objectives_)
    text += (text.empty() ? "" : "|") + model.state.to_text();
  return text + bounds_.state();
}

}  // namespace tunesmith
