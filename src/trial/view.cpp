#include <algorithm>
#include <cmath>
#include <numeric>

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

std::optional<double> cost_of(const Problem& problem, const Trial& trial) {
  return is_final(trial.state) ? cost_so_far(problem, trial) : std::nullopt;
}

std::optional<double> cost_so_far(const Problem& problem, const Trial& trial) {
  if (!problem.cost) return {};
  std::optional<double> cost;
  if (problem.cost->metric.empty()) {
    cost = trial.ended - trial.started + trial.earlier_seconds;
  } else {
    const auto read = [&](const Metrics& metrics) {
      const auto found = metrics.find(problem.cost->metric);
      if (found != metrics.end()) cost = std::fmax(found->second, cost.value_or(0));
    };
    read(trial.metrics);
    for (const Report& report : trial.reports) read(report.metrics);
  }
  return cost && std::isfinite(*cost) && *cost > 0 ? cost : std::nullopt;
}

std::vector<TrialId> repetitions_of(const StudyView::Data& data, TrialId id) {
  const auto original = data.originals.find(id);
  const auto found =
      data.repetitions.find(original == data.originals.end() ? id : original->second);
  return found == data.repetitions.end() ? std::vector{id} : found->second;
}

std::optional<double> mean_objective_of(const StudyView::Data& data, TrialId id,
                                        std::size_t index) {
  std::vector<double> values;
  for (const TrialId one : repetitions_of(data, id)) {
    const auto& trial = data.trials[static_cast<std::size_t>(one)];
    if (trial && is_feasible(*data.problem, *trial))
      values.push_back(*objective_of(*data.problem, *trial, index));
  }
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (std::isfinite(sum)) return sum / count;
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [&](double mean, double value) { return mean + value / count; });
}

std::optional<TrialId> earliest_feasible(const StudyView::Data& data, TrialId id) {
  for (const TrialId one : repetitions_of(data, id)) {
    const auto& trial = data.trials[static_cast<std::size_t>(one)];
    if (trial && is_feasible(*data.problem, *trial)) return one;
  }
  return {};
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

std::vector<TrialId> StudyView::repetitions(TrialId id) const { return repetitions_of(*data_, id); }

std::optional<double> StudyView::mean_objective(TrialId id, std::size_t index) const {
  return mean_objective_of(*data_, id, index);
}

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
    if (!feasible(*trial) || earliest_feasible(*data_, trial->id) != trial->id) continue;
    Point point{trial->id, {}};
    for (std::size_t i = 0; i < objectives.size(); ++i) {
      point.values.push_back(*mean_objective(trial->id, i));
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
  const Trial& baseline = trial(*data_->baseline);
  const std::optional<double> mean = mean_objective(baseline.id);
  // One that breaks an outcome constraint is measured against all the same.
  const std::optional<double> before = mean ? mean : objective(baseline);
  if (!before) return {};
  const double after = *mean_objective(*data_->best);
  return problem().objectives[0].goal == Goal::minimize ? *before - after : after - *before;
}

std::optional<double> StudyView::cost(const Trial& trial) const {
  return cost_of(problem(), trial);
}

double StudyView::total_cost() const noexcept { return data_->total_cost; }

std::size_t StudyView::queued() const noexcept { return data_->queued; }
int StudyView::failures_in_a_row() const noexcept { return data_->failures_in_a_row; }
Seconds StudyView::active_time() const noexcept { return data_->active_time; }

const std::optional<std::string>& StudyView::stop_requested() const noexcept { return data_->stop; }
bool StudyView::stopped_by_rule() const noexcept { return data_->stopped_by_rule; }

bool StudyView::stop_requested(TrialId trial) const noexcept {
  return data_->stop.has_value() || data_->why_stopping(trial) != nullptr;
}

bool StudyView::pause_requested(TrialId trial) const noexcept {
  return data_->pausing.contains(trial);
}

const std::vector<Notice>& StudyView::notices() const noexcept { return *data_->notices; }

}  // namespace tunesmith
