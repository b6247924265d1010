#include "search/parent_models.hpp"

#include <algorithm>
#include <numeric>

#include "search/trial_history.hpp"
#include "surrogate/output_transform.hpp"
#include "surrogate/surrogate_model.hpp"

namespace tunesmith {
namespace {

constexpr std::size_t best_of_each = 2;
constexpr std::size_t best_of_all = 5;
constexpr Eigen::Index max_rows = 200;
constexpr std::size_t fewest_rows = 3;

/// At most `best_of_each` that differ, the best first; of equals the earliest.
std::vector<Configuration> best_of(const ParentStudy& parent, const Space& space, double sign) {
  const auto& evaluations = parent.evaluations;
  std::vector<std::size_t> order(evaluations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sign * evaluations[a].value > sign * evaluations[b].value;
  });
  std::vector<Configuration> best;
  for (const std::size_t i : order) {
    if (best.size() == best_of_each) break;
    const Configuration& one = evaluations[i].configuration;
    if (std::find(best.begin(), best.end(), one) == best.end() && space.check(one).empty())
      best.push_back(one);
  }
  return best;
}

}  // namespace

ParentModels::ParentModels(const StudyView& view, const FeatureEncoding& encoding)
    : parents_(view.parents()) {
  const double sign = view.problem().objectives.front().goal == Goal::minimize ? -1 : 1;
  std::vector<std::vector<Configuration>> best;
  for (const auto& parent : parents_) {
    best.push_back(best_of(*parent, encoding.space(), sign));
    fit(*parent, encoding, sign);
  }
  for (std::size_t place = 0; place < best_of_each; ++place)
    for (const std::vector<Configuration>& of_one : best) {
      if (place >= of_one.size() || best_.size() == best_of_all) continue;
      if (std::find(best_.begin(), best_.end(), of_one[place]) == best_.end())
        best_.push_back(of_one[place]);
    }
}

void ParentModels::fit(const ParentStudy& parent, const FeatureEncoding& encoding, double sign) {
  std::vector<Point> points;
  std::vector<double> values;
  for (const ParentEvaluation& one : parent.evaluations) {
    if (!fits(encoding.space(), one.configuration)) continue;
    points.push_back(encoding.point_of(one.configuration));
    values.push_back(sign * one.value);
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
