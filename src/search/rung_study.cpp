#include "search/rung_study.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "search/rung_steps.hpp"
#include "trial/view_data.hpp"

namespace tunesmith {
namespace {

/// Trials that the level that counts needs: fewer do not tell what becomes of the others there.
constexpr std::size_t fewest_values = 3;

/// What the trial's final metrics would be had it ended with this report.
Metrics metrics_up_to(const Problem& problem, const std::vector<Report>& reports,
                      std::size_t last) {
  const Objective& first = problem.objectives.front();
  if (problem.final_rule.value == FinalValue::last) return reports[last].metrics;
  auto picked = final_report(std::span(reports).first(last + 1), problem.final_rule, first.metric,
                             first.goal == Goal::maximize);
  return picked ? std::move(picked->metrics) : Metrics();
}

bool has_all_objectives(const Problem& problem, const Metrics& metrics) {
  return std::all_of(problem.objectives.begin(), problem.objectives.end(), [&](const auto& one) {
    const auto value = metrics.find(one.metric);
    return value != metrics.end() && std::isfinite(value->second);
  });
}

/// The trial's metrics by rung, as far as it came; what it ended with by itself stands for the
/// rungs beyond.
std::vector<Metrics> metrics_by_rung(const Problem& problem, const Trial& trial,
                                     const RungLadder& ladder) {
  std::vector<Metrics> found;
  if (counts_as_worst(trial.state)) return found;
  const std::string& metric = problem.objectives.front().metric;
  std::size_t report = 0;
  for (std::size_t rung = 0; rung <= ladder.rungs(); ++rung) {
    const auto is_there = [&](const Report& one) {
      return one.resource >= ladder.level(rung) && one.metrics.contains(metric);
    };
    while (report < trial.reports.size() && !is_there(trial.reports[report])) ++report;
    const bool reported = report < trial.reports.size();
    if (!reported && trial.state != TrialState::completed) break;
    Metrics metrics = reported ? metrics_up_to(problem, trial.reports, report) : trial.metrics;
    if (!has_all_objectives(problem, metrics)) break;
    found.push_back(std::move(metrics));
  }
  return found;
}

std::string error_metric(const Objective& objective) { return objective.metric + ": error"; }

std::shared_ptr<const Problem> with_errors(Problem problem) {
  for (Objective& one : problem.objectives) one.standard_error = error_metric(one);
  return std::make_shared<const Problem>(std::move(problem));
}

/// What strategies look at; no reports.
std::shared_ptr<Trial> outline(const Trial& trial) {
  auto shown = std::make_shared<Trial>();
  shown->id = trial.id;
  shown->configuration = trial.configuration;
  shown->state = trial.state;
  shown->origin = trial.origin;
  shown->replicate_of = trial.replicate_of;
  shown->strategy_state = trial.strategy_state;
  shown->started = trial.started;
  shown->ended = trial.ended;
  shown->earlier_seconds = trial.earlier_seconds;
  return shown;
}

/// The metrics at a rung, with the objectives as they are expected at the top, and their errors.
Metrics expected_metrics(const Problem& problem, const std::vector<RungSteps>& steps,
                         Metrics metrics, std::size_t rung, std::size_t top) {
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const Objective& objective = problem.objectives[k];
    double& value = metrics.at(objective.metric);
    const RungSteps::Expected expected = steps[k].at(rung, value, top);
    const auto own = metrics.find(objective.standard_error);
    const bool has_own = own != metrics.end() && std::isfinite(own->second);
    value = expected.value;
    metrics[error_metric(objective)] =
        has_own ? std::hypot(expected.deviation, own->second) : expected.deviation;
  }
  return metrics;
}

}  // namespace

StudyView RungStudy::at_top_level(const StudyView& view) const {
  const Problem& problem = view.problem();
  std::vector<std::vector<Metrics>> reached;
  for (std::size_t i = 0; i < view.size(); ++i)
    reached.push_back(metrics_by_rung(problem, view.trial(static_cast<TrialId>(i)), ladder_));
  std::vector<RungSteps> steps;
  for (const Objective& objective : problem.objectives) {
    std::vector<std::vector<double>> values;
    for (const auto& rungs : reached) {
      values.emplace_back();
      for (const Metrics& metrics : rungs) values.back().push_back(metrics.at(objective.metric));
    }
    steps.emplace_back(values);
  }
  std::size_t top = ladder_.rungs();
  while (top > 0 && steps.front().count(top) < fewest_values) --top;

  auto data = std::make_shared<StudyView::Data>();
  data->problem = with_errors(problem);
  data->budget = view.budget();
  data->parents = view.parents();
  data->prefix = view.prefix();
  for (std::size_t i = 0; i < view.size(); ++i) {
    const auto shown = outline(view.trial(static_cast<TrialId>(i)));
    const bool runs = shown->state == TrialState::running || shown->state == TrialState::preempted;
    if (!reached[i].empty()) {
      const std::size_t rung = std::min(reached[i].size() - 1, top);
      shown->state = TrialState::completed;
      shown->resumable = rung < top;
      shown->metrics = expected_metrics(problem, steps, std::move(reached[i][rung]), rung, top);
    } else if (!runs && !counts_as_worst(shown->state)) {
      shown->state = TrialState::lost;
    }
    data->trials.push_back(shown);
    ++data->counts[static_cast<std::size_t>(shown->state)];
    if (problem.objectives.size() > 1 || !is_feasible(*data->problem, *shown)) continue;
    const double value = *objective_of(problem, *shown, 0);
    if (!data->best ||
        is_better(
            problem.objectives.front(), value,
            *objective_of(problem, *data->trials[static_cast<std::size_t>(*data->best)], 0))) {
      data->best = shown->id;
    }
  }
  return StudyView(std::move(data));
}

}  // namespace tunesmith
