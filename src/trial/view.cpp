#include <algorithm>
#include <cmath>

#include "trial/view_data.hpp"

namespace tunesmith {
namespace {

/// Whether `a` is at least as good as `b` in every objective and better in one.
bool dominates(const std::vector<Objective>& objectives, const std::vector<double>& a,
               const std::vector<double>& b) {
  bool better = false;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    if (is_better(objectives[i], b[i], a[i])) return false;
    better = better || is_better(objectives[i], a[i], b[i]);
  }
  return better;
}

}  // namespace

std::optional<double> objective_of(const Problem& problem, const Trial& trial, std::size_t index) {
  if (trial.state != TrialState::completed && trial.state != TrialState::stopped) return {};
  const auto found = trial.metrics.find(problem.objectives.at(index).metric);
  if (found == trial.metrics.end() || !std::isfinite(found->second)) return {};
  return found->second;
}

bool is_feasible(const Problem& problem, const Trial& trial) {
  for (std::size_t i = 0; i < problem.objectives.size(); ++i) {
    if (!objective_of(problem, trial, i)) return false;
  }
  return std::all_of(problem.constraints.begin(), problem.constraints.end(),
                     [&](const OutcomeConstraint& constraint) {
                       const auto found = trial.metrics.find(constraint.metric);
                       // Written so that NaN keeps no bound.
                       return found != trial.metrics.end() && !std::isnan(found->second) &&
                              (!constraint.min || found->second >= *constraint.min) &&
                              (!constraint.max || found->second <= *constraint.max);
                     });
}

StudyView::StudyView(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

const Problem& StudyView::problem() const noexcept { return *data_->problem; }
const Budget& StudyView::budget() const noexcept { return data_->budget; }
const std::vector<std::shared_ptr<const ParentStudy>>& StudyView::parents() const noexcept {
  return data_->parents;
}
Sequence StudyView::prefix() const noexcept { return data_->prefix; }
std::size_t StudyView::size() const noexcept { return data_->trials.size(); }

const Trial& StudyView::trial(TrialId id) const {
  return *data_->trials[static_cast<std::size_t>(id)];
}

std::int64_t StudyView::count(TrialState state) const noexcept {
  return data_->counts[static_cast<std::size_t>(state)];
}

std::optional<double> StudyView::objective(const Trial& trial, std::size_t index) const {
  return objective_of(problem(), trial, index);
}

bool StudyView::feasible(const Trial& trial) const { return is_feasible(problem(), trial); }

std::optional<TrialId> StudyView::best() const {
  if (problem().objectives.size() == 1) return data_->best;
  const std::vector<TrialId> ids = front();
  return ids.empty() ? std::nullopt : std::optional(ids.front());
}

std::vector<TrialId> StudyView::front() const {
  const std::vector<Objective>& objectives = problem().objectives;
  struct Point {
    TrialId id;
    std::vector<double> values;
  };
  std::vector<Point> front;
  for (std::size_t id = 0; id < size(); ++id) {
    const auto& trial = data_->trials[id];
    if (!feasible(*trial)) continue;
    Point point{trial->id, {}};
    for (std::size_t i = 0; i < objectives.size(); ++i) {
      point.values.push_back(*objective(*trial, i));
    }
    const auto beats_point = [&](const Point& other) {
      return dominates(objectives, other.values, point.values);
    };
    if (std::any_of(front.begin(), front.end(), beats_point)) continue;
    std::erase_if(front, [&](const Point& other) {
      return dominates(objectives, point.values, other.values);
    });
    front.push_back(std::move(point));
  }
  std::vector<TrialId> ids;
  ids.reserve(front.size());
  for (const Point& point : front) ids.push_back(point.id);
  return ids;
}

std::optional<TrialId> StudyView::baseline() const { return data_->baseline; }

std::optional<double> StudyView::gain() const {
  if (problem().objectives.size() != 1 || !data_->baseline || !data_->best) return {};
  const std::optional<double> before = objective(trial(*data_->baseline));
  if (!before) return {};
  const double after = *objective(trial(*data_->best));
  return problem().objectives[0].goal == Goal::minimize ? *before - after : after - *before;
}

std::size_t StudyView::queued() const noexcept { return data_->queued; }
int StudyView::failures_in_a_row() const noexcept { return data_->failures_in_a_row; }
Seconds StudyView::active_time() const noexcept { return data_->active_time; }

const std::optional<std::string>& StudyView::stop_requested() const noexcept { return data_->stop; }

bool StudyView::stop_requested(TrialId trial) const noexcept {
  return data_->stop.has_value() || data_->stopping.contains(trial);
}

}  // namespace tunesmith
