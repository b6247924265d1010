#include "search/parent_models.hpp"

#include <algorithm>
#include <numeric>

#include "search/trial_history.hpp"
#include "surrogate/output_transform.hpp"
#include "surrogate/pareto.hpp"
#include "surrogate/surrogate_model.hpp"

namespace tunesmith {
namespace {

/// Of an only parent; of several each has one: were they all misleading, more would use up the
/// start.
constexpr std::size_t best_of_one = 2;
constexpr std::size_t best_of_all = 5;
/// Of a front; more than are tried, as some may break a constraint.
constexpr Eigen::Index front_rows = 20;
constexpr Eigen::Index max_rows = 200;
constexpr std::size_t fewest_rows = 3;

/// All values, larger being better, a row per evaluation.
Matrix gains_of(const ParentStudy& parent, const Problem& problem) {
  const auto objectives = static_cast<Eigen::Index>(problem.objectives.size());
  Matrix gains(static_cast<Eigen::Index>(parent.evaluations.size()), objectives);
  for (Eigen::Index k = 0; k < objectives; ++k) {
    const auto place = static_cast<std::size_t>(k);
    const double sign = problem.objectives[place].goal == Goal::minimize ? -1 : 1;
    for (Eigen::Index i = 0; i < gains.rows(); ++i)
      gains(i, k) = sign * parent.evaluations[static_cast<std::size_t>(i)].values[place];
  }
  return gains;
}

/// The rows in the order in which they are worth trying: the best first, of equals the earliest; of
/// several objectives, what covers the front.
std::vector<Eigen::Index> by_worth(const Matrix& gains) {
  if (gains.cols() > 1) {
    const std::vector<Eigen::Index> front = non_dominated_rows(gains);
    std::vector<Eigen::Index> order;
    for (const Eigen::Index row : covering_rows(gains(front, Eigen::all), front_rows))
      order.push_back(front[static_cast<std::size_t>(row)]);
    return order;
  }
  std::vector<Eigen::Index> order(static_cast<std::size_t>(gains.rows()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return gains(a, 0) > gains(b, 0); });
  return order;
}

/// At most `limit` that differ and keep the constraints.
std::vector<Configuration> best_of(const ParentStudy& parent, const Space& space,
                                   const Matrix& gains, std::size_t limit) {
  std::vector<Configuration> best;
  if (gains.rows() == 0) return best;
  for (const Eigen::Index i : by_worth(gains)) {
    if (best.size() == limit) break;
    const Configuration& one = parent.evaluations[static_cast<std::size_t>(i)].configuration;
    if (std::find(best.begin(), best.end(), one) == best.end() && space.check(one).empty())
      best.push_back(one);
  }
  return best;
}

}  // namespace

ParentModels::ParentModels(const StudyView& view, const FeatureEncoding& encoding)
    : parents_(view.parents()) {
  const Problem& problem = view.problem();
  const bool several = problem.objectives.size() > 1;
  const std::size_t of_each = several ? best_of_all : parents_.size() == 1 ? best_of_one : 1;
  std::vector<std::vector<Configuration>> best;
  for (const auto& parent : parents_) {
    const Matrix gains = gains_of(*parent, problem);
    best.push_back(best_of(*parent, encoding.space(), gains, of_each));
    if (!several) fit(*parent, encoding, gains.col(0));
  }
  for (std::size_t place = 0; place < of_each; ++place)
    for (const std::vector<Configuration>& of_one : best) {
      if (place >= of_one.size() || best_.size() == best_of_all) continue;
      if (std::find(best_.begin(), best_.end(), of_one[place]) == best_.end())
        best_.push_back(of_one[place]);
    }
}

void ParentModels::fit(const ParentStudy& parent, const FeatureEncoding& encoding,
                       const Vector& gains) {
  std::vector<Point> points;
  std::vector<double> values;
  for (std::size_t i = 0; i < parent.evaluations.size(); ++i) {
    const Configuration& one = parent.evaluations[i].configuration;
    if (!fits(encoding.space(), one)) continue;
    points.push_back(encoding.point_of(one));
    values.push_back(gains[static_cast<Eigen::Index>(i)]);
  }
  const ConditionedOutputs outputs = condition_outputs(values);
  if (values.size() < fewest_rows || !outputs.informative) return;
  std::vector<Point> kept_points;
  std::vector<double> kept_values;
  for (const Eigen::Index row : representative_rows(outputs.z, max_rows)) {
    kept_points.push_back(points[static_cast<std::size_t>(row)]);
    kept_values.push_back(values[static_cast<std::size_t>(row)]);
  }
  const SurrogateModel model = fit_surrogate_model(
      encoding.shape(), encoding.features(kept_points), condition_outputs(kept_values).z,
      std::nullopt, {.parameters = static_cast<double>(encoding.parameters())});
  processes_.emplace_back(model.data, model.state.hyperparameters);
}

}  // namespace tunesmith
