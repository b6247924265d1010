#include "search/rung_study.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "search/feature_encoding.hpp"
#include "trial/view_data.hpp"

namespace tunesmith {
namespace {

constexpr std::size_t fewest_values = 8;
/// More values of a lower rung tell little, for the time that a model of them takes.
constexpr std::size_t most_values = 200;
/// The lower rungs nearest to the level that counts.
constexpr std::size_t most_earlier_studies = 3;

/// The metrics that the trial has at the level; null: none.
const Metrics* metrics_at(const Problem& problem, const Trial& trial, double level) {
  if (counts_as_worst(trial.state)) return nullptr;
  const std::string& metric = problem.objectives.front().metric;
  const auto from =
      std::lower_bound(trial.reports.begin(), trial.reports.end(), level,
                       [](const Report& report, double at) { return report.resource < at; });
  for (auto report = from; report != trial.reports.end(); ++report) {
    if (report->metrics.contains(metric)) return &report->metrics;
  }
  const bool ended = trial.state == TrialState::completed && trial.metrics.contains(metric);
  return ended ? &trial.metrics : nullptr;
}

/// The number of values to learn from: grows in steps, so that few models are fitted.
std::size_t in_steps(std::size_t values) {
  std::size_t step = fewest_values;
  while (step + step / 4 <= values) step += step / 4;
  return step;
}

}  // namespace

StudyView RungStudy::at_best_level(const StudyView& view) {
  const Problem& problem = view.problem();
  std::vector<std::size_t> values(ladder_.rungs() + 1);
  for (std::size_t i = 0; i < view.size(); ++i) {
    const Trial& trial = view.trial(static_cast<TrialId>(i));
    for (std::size_t rung = 0; rung < values.size(); ++rung) {
      if (metrics_at(problem, trial, ladder_.level(rung)) == nullptr) break;
      ++values[rung];
    }
  }
  const auto parameters = static_cast<std::size_t>(FeatureEncoding(problem.space).parameters());
  const std::size_t enough = std::max(parameters + 1, fewest_values);
  std::size_t chosen = values.size() - 1;
  while (chosen > 0 && values[chosen] < enough) --chosen;

  auto data = std::make_shared<StudyView::Data>();
  const auto owner = std::make_shared<const StudyView>(view);
  data->problem = std::shared_ptr<const Problem>(owner, &problem);
  data->budget = view.budget();
  data->parents = view.parents();
  data->prefix = view.prefix();
  kept_.resize(values.size());
  const std::size_t first = chosen - std::min(chosen, most_earlier_studies);
  for (std::size_t rung = 0; rung < values.size(); ++rung) {
    const bool tells = rung >= first && rung < chosen && values[rung] >= enough;
    kept_[rung] = tells ? earlier_study(view, rung, in_steps(values[rung])) : nullptr;
    if (kept_[rung]) data->parents.push_back(kept_[rung]);
  }
  for (std::size_t i = 0; i < view.size(); ++i) {
    const Trial& trial = view.trial(static_cast<TrialId>(i));
    const Metrics* metrics = metrics_at(problem, trial, ladder_.level(chosen));
    const bool runs = trial.state == TrialState::running || trial.state == TrialState::preempted;
    // A copy of each: strategies that keep what they worked out know a study by its trials'
    // identity, and another level makes another study.
    const auto shown = std::make_shared<Trial>(trial);
    if (metrics != nullptr || (!runs && !counts_as_worst(trial.state))) {
      shown->state = metrics != nullptr ? TrialState::completed : TrialState::lost;
      shown->metrics = metrics != nullptr ? *metrics : Metrics();
    }
    data->trials.push_back(shown);
    ++data->counts[static_cast<std::size_t>(shown->state)];
    if (problem.objectives.size() > 1 || !is_feasible(problem, *shown)) continue;
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

std::shared_ptr<const ParentStudy> RungStudy::earlier_study(const StudyView& view, std::size_t rung,
                                                            std::size_t trials) {
  const Problem& problem = view.problem();
  auto study = std::make_shared<ParentStudy>();
  std::size_t left = trials;
  for (std::size_t i = 0; i < view.size() && left > 0; ++i) {
    const Trial& trial = view.trial(static_cast<TrialId>(i));
    const Metrics* metrics = metrics_at(problem, trial, ladder_.level(rung));
    if (metrics == nullptr) continue;
    --left;
    if (left >= most_values || !problem.space.check(trial.configuration).empty()) continue;
    ParentEvaluation evaluation{.configuration = trial.configuration};
    for (const Objective& objective : problem.objectives) {
      const auto value = metrics->find(objective.metric);
      if (value == metrics->end() || !std::isfinite(value->second)) break;
      evaluation.values.push_back(value->second);
    }
    if (evaluation.values.size() < problem.objectives.size()) continue;
    study->evaluations.push_back(std::move(evaluation));
  }
  const auto same = [](const ParentEvaluation& a, const ParentEvaluation& b) {
    return a.configuration == b.configuration && a.values == b.values;
  };
  const auto& kept = kept_[rung];
  const bool holds = kept && std::equal(kept->evaluations.begin(), kept->evaluations.end(),
                                        study->evaluations.begin(), study->evaluations.end(), same);
  return holds ? kept : study;
}

}  // namespace tunesmith
