#include "search/warm_model.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/random.hpp"
#include "search/fantasies.hpp"
#include "search/ranking_weights.hpp"
#include "surrogate/acquisition.hpp"
#include "surrogate/linear_algebra.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index fantasies = 64;
/// More observations tell the models apart no better.
constexpr std::size_t ranked_rows = 100;

/// What the process would say of each of its rows without that row (Rasmussen & Williams, eq. 5.12,
/// less the noise): with C the covariance, z_i − [C⁻¹(z − m)]_i / [C⁻¹]_ii and 1 / [C⁻¹]_ii.
Belief leave_one_out(const SurrogateModel& model, const GaussianProcess& process) {
  const TrainingData& data = model.data;
  const Eigen::Index n = data.z.size();
  Matrix factor;
  self_correlations(scale_columns(data.x, data.shape, model.state.hyperparameters.log_weights),
                    process.signal(), factor);
  const Vector noise = data.noise_variances(process.noise());
  factor.diagonal() += noise;
  cholesky_with_jitter(factor, process.signal());
  Matrix alpha = (data.z.array() - process.constant_mean()).matrix();
  solve_lower(factor, alpha);
  solve_lower_transposed(factor, alpha);
  invert_triangle(factor);
  Belief belief{Vector(n), Vector(n)};
  for (Eigen::Index i = 0; i < n; ++i) {
    const double precision = factor.col(i).tail(n - i).squaredNorm();
    belief.mean[i] = data.z[i] - alpha(i, 0) / precision;
    belief.deviation[i] = std::sqrt(std::max(1 / precision - noise[i], 1e-12 * process.signal()));
  }
  return belief;
}

Vector rows_of(const Vector& all, const std::vector<Eigen::Index>& rows) {
  Vector some(static_cast<Eigen::Index>(rows.size()));
  for (std::size_t i = 0; i < rows.size(); ++i) some[static_cast<Eigen::Index>(i)] = all[rows[i]];
  return some;
}

/// Feasible rows, spread evenly where there are many.
std::vector<Eigen::Index> rows_to_rank(const std::vector<bool>& feasible) {
  std::vector<Eigen::Index> all;
  for (std::size_t i = 0; i < feasible.size(); ++i)
    if (feasible[i]) all.push_back(static_cast<Eigen::Index>(i));
  if (all.size() <= ranked_rows) return all;
  std::vector<Eigen::Index> some;
  for (std::size_t i = 0; i < ranked_rows; ++i) some.push_back(all[i * all.size() / ranked_rows]);
  return some;
}

/// Σ w·m, and its gradient.
class Ensemble {
 public:
  Ensemble(std::shared_ptr<const GaussianProcess> own, std::shared_ptr<const ParentModels> parents,
           Vector weights)
      : own_(std::move(own)), parents_(std::move(parents)), weights_(std::move(weights)) {}

  /// Of the parents alone.
  Vector parents_mean(const Matrix& features) const {
    Vector mean = Vector::Zero(features.rows());
    each_parent([&](const GaussianProcess& process, double weight) {
      mean += weight * process.predict(features, false).mean.col(0);
    });
    return mean;
  }

  AcquisitionValues improvement(const Matrix& features, const Vector& incumbents,
                                Matrix* gradient) const {
    const bool with_gradient = gradient != nullptr;
    const Prediction own = own_->predict(features, with_gradient);
    Matrix mean = weights_[0] * own.mean;
    std::vector<Prediction> predictions;
    each_parent([&](const GaussianProcess& process, double weight) {
      predictions.push_back(process.predict(features, with_gradient));
      mean.colwise() += weight * predictions.back().mean.col(0);
    });
    AcquisitionValues a = log_expected_improvement(mean, own.deviation, incumbents);
    if (!with_gradient) return a;
    *gradient = own_->pull_back(own, weights_[0] * a.by_mean, a.by_deviation);
    const Matrix by_shift = a.by_mean.rowwise().sum();
    const Vector none = Vector::Zero(features.rows());
    std::size_t next = 0;
    each_parent([&](const GaussianProcess& process, double weight) {
      *gradient += process.pull_back(predictions[next++], weight * by_shift, none);
    });
    return a;
  }

 private:
  template <class Take>
  void each_parent(const Take& take) const {
    for (std::size_t i = 0; i < parents_->processes().size(); ++i) {
      const double weight = weights_[static_cast<Eigen::Index>(i) + 1];
      if (weight > 0) take(parents_->processes()[i], weight);
    }
  }

  std::shared_ptr<const GaussianProcess> own_;
  std::shared_ptr<const ParentModels> parents_;
  Vector weights_;
};

}  // namespace

WarmModel::WarmModel(const FeatureEncoding& encoding, std::unique_ptr<const BayesianModel> own,
                     std::shared_ptr<const ParentModels> parents, std::uint64_t seed,
                     std::uint64_t number)
    : encoding_(encoding), own_(std::move(own)), parents_(std::move(parents)), seed_(seed) {
  const SurrogateModel& objective = own_->objective();
  const std::vector<Eigen::Index> rows = rows_to_rank(own_->feasible());
  const Belief all = leave_one_out(objective, own_->process());
  std::vector<Belief> beliefs = {{rows_of(all.mean, rows), rows_of(all.deviation, rows)}};
  Matrix features(static_cast<Eigen::Index>(rows.size()), objective.data.x.cols());
  for (std::size_t i = 0; i < rows.size(); ++i)
    features.row(static_cast<Eigen::Index>(i)) = objective.data.x.row(rows[i]);
  for (const GaussianProcess& parent : parents_->processes()) {
    Prediction prediction = parent.predict(features, false);
    beliefs.push_back({prediction.mean.col(0), std::move(prediction.deviation)});
  }
  RandomStream random(seed_, number, "parents' weights");
  weights_ = ranking_weights(rows_of(objective.data.z, rows), beliefs, random);
}

Acquisition WarmModel::acquisition(const std::vector<Point>& pending, std::uint64_t number) const {
  if (!parents_have_a_say()) return own_->acquisition(pending, number);
  const SurrogateModel& objective = own_->objective();
  const Matrix pending_features = encoding_.features(pending);
  const Eigen::Index p = pending_features.rows();
  RandomStream random(seed_, number, "fantasies");
  const auto own = std::make_shared<const GaussianProcess>(
      objective.data, objective.state.hyperparameters, pending_features,
      fantasy_normals(p, p > 0 ? fantasies : 1, random));
  const Ensemble ensemble(own, parents_, weights_);

  Matrix rows(objective.data.x.rows() + p, objective.data.x.cols());
  rows << objective.data.x, pending_features;
  Matrix means = weights_[0] * own->fitted_means();
  means.colwise() += ensemble.parents_mean(rows);
  const Vector incumbents = best_means(means, own_->feasible(), own_->bounds().empty());
  return acquisition_of(
      own_->feasible(),
      [ensemble, incumbents](const Matrix& at, Matrix* gradient) {
        return ensemble.improvement(at, incumbents, gradient).value;
      },
      [bounds = own_->bounds()](const Matrix& at, Vector& value, Matrix* gradient) {
        bounds.add_to(at, value, gradient);
      });
}

std::vector<Point> WarmModel::incumbents() const {
  std::vector<Point> best = own_->incumbents();
  for (const Configuration& one : parents_->best()) best.push_back(encoding_.point_of(one));
  return best;
}

}  // namespace tunesmith
