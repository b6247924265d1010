#include "cli/plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "cli/text.hpp"
#include "core/json.hpp"
#include "core/numbers.hpp"
#include "job/job_rules.hpp"
#include "study/log_reader.hpp"
#include "tunesmith/metrics.hpp"
#include "tunesmith/search.hpp"
#include "tunesmith/tuner.hpp"

namespace tunesmith::cli {
namespace {

/// A metric's value at a level, as a trial told it.
struct Told {
  Timestamp time = 0;
  MetricReport report = {};
};

/// What every trial reported, in order.
std::vector<std::vector<Told>> courses(const Study& study, std::size_t trials) {
  std::vector<std::vector<Told>> told(trials);
  read_log(
      study.store(), study.key(), 0, std::numeric_limits<Sequence>::max(),
      [&](const StoredEvent& stored) {
        const Event& event = stored.event;
        if (event.kind != EventKind::reported) return;
        told[static_cast<std::size_t>(event.trial)].push_back(
            {event.time, {.resource = event.resource, .metrics = {{event.metric, event.value}}}});
      });
  return told;
}

bool keeps(const std::vector<OutcomeConstraint>& constraints, const Metrics& metrics) {
  return std::all_of(constraints.begin(), constraints.end(), [&](const OutcomeConstraint& one) {
    const auto found = metrics.find(one.metric);
    return found != metrics.end() && !(one.min && !(found->second >= *one.min)) &&
           !(one.max && !(found->second <= *one.max));
  });
}

/// The trial's metrics as they were at a moment.
Metrics metrics_at(const Problem& problem, const Trial& trial, const std::vector<Told>& course,
                   Timestamp moment) {
  if (trial.state == TrialState::failed) return {};
  if (is_final(trial.state) && trial.ended <= moment) return trial.metrics;
  std::vector<MetricReport> reports;
  for (const Told& told : course) {
    if (told.time <= moment) reports.push_back(told.report);
  }
  const Objective& objective = problem.objectives.front();
  const auto picked =
      final_report(reports, problem.final_rule, objective.metric, objective.goal == Goal::maximize);
  return picked ? picked->metrics : Metrics{};
}

std::optional<double> best_at(const StudyView& view, const std::vector<std::vector<Told>>& told,
                              Timestamp moment) {
  const Objective& objective = view.problem().objectives.front();
  std::optional<double> best;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Metrics metrics =
        metrics_at(view.problem(), view.trial(id), told[static_cast<std::size_t>(id)], moment);
    const auto found = metrics.find(objective.metric);
    if (found == metrics.end() || !std::isfinite(found->second)) continue;
    if (!keeps(view.problem().constraints, metrics)) continue;
    const bool better =
        !best || (objective.goal == Goal::minimize ? found->second < *best : found->second > *best);
    if (better) best = found->second;
  }
  return best;
}

std::string value_or_dash(const std::optional<double>& value) {
  return value ? short_number(*value) : "-";
}

Json json_or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::string share_text(double share) { return number_text(share * 100) + " %"; }

double levels_of(const PlanRun& run) { return run.levels; }
double seconds_of(const PlanRun& run) { return run.time.count(); }
double trials_of(const PlanRun& run) { return static_cast<double>(run.trials); }
double stopped_of(const PlanRun& run) { return static_cast<double>(run.stopped); }
double failed_of(const PlanRun& run) { return static_cast<double>(run.failed); }

}  // namespace

PlanRun simulate(const Job& job, const Plan& plan, const RecordedCurves& curves,
                 std::uint64_t seed) {
  const auto clock = std::make_shared<VirtualClock>();
  const Timestamp begin = clock->wall();
  Problem problem = job.problem;
  problem.seed += seed;
  Study study({.name = job.name,
               .problem = std::move(problem),
               .search = make_search(plan.strategy.name, plan.strategy.options),
               .stopping_rules = make_rules(job),
               .clock = clock});
  Tuner tuner(study, simulated_executor(curves.objective(), clock, {.workers = plan.workers}),
              {.budget = plan.budget});
  const TuningResult result = tuner.run();

  PlanRun run;
  run.time = clock->monotonic();
  const auto told = courses(study, result.view.size());
  const Seconds whole = plan.budget.max_time.value_or(run.time);
  for (std::size_t i = 0; i < looks.size(); ++i)
    run.best[i] = best_at(result.view, told, begin + looks[i] * whole.count());
  run.trials = static_cast<std::int64_t>(result.view.size());
  run.stopped = result.view.count(TrialState::stopped);
  run.failed = result.view.count(TrialState::failed);
  for (TrialId id = 0; id < run.trials; ++id) {
    const auto& reports = result.view.trial(id).reports;
    if (!reports.empty()) run.levels += reports.back().resource;
  }
  return run;
}

std::optional<double> PlanSummary::best(std::size_t look) const {
  std::vector<double> values;
  for (const PlanRun& run : runs) {
    if (run.best[look]) values.push_back(*run.best[look]);
  }
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

double PlanSummary::mean(double (*of)(const PlanRun&)) const {
  double sum = 0;
  for (const PlanRun& run : runs) sum += of(run);
  return sum / static_cast<double>(runs.size());
}

std::string budget_text(const Budget& budget) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (budget.max_trials) add(std::to_string(*budget.max_trials) + " trials");
  if (budget.max_time) add(duration_text(*budget.max_time));
  if (budget.max_cost) add("cost " + number_text(*budget.max_cost));
  return text;
}

std::string plans_table(const std::vector<PlanSummary>& plans) {
  std::vector<std::vector<std::string>> rows = {{"strategy", "workers", "budget"}};
  for (const double look : looks) rows[0].push_back("best at " + share_text(look));
  for (const char* name : {"levels", "time", "trials", "stopped", "failed"})
    rows[0].emplace_back(name);
  for (const PlanSummary& summary : plans) {
    std::vector<std::string> row = {printable(summary.plan.strategy.name),
                                    std::to_string(summary.plan.workers),
                                    budget_text(summary.plan.budget)};
    for (std::size_t i = 0; i < looks.size(); ++i) row.push_back(value_or_dash(summary.best(i)));
    row.push_back(short_number(summary.mean(levels_of)));
    row.push_back(duration_text(Seconds(summary.mean(seconds_of))));
    for (const auto of : {trials_of, stopped_of, failed_of})
      row.push_back(short_number(summary.mean(of)));
    rows.push_back(std::move(row));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      int width = 0;
      for (const auto& other : rows) width = std::max(width, display_width(other[c]));
      const bool words = c == 0 || c == 2;
      line += (c > 0 ? "  " : "") + padded(row[c], width, !words);
    }
    text += line + "\n";
  }
  return text;
}

std::string plans_json(const Job& job, const std::vector<PlanSummary>& plans) {
  const Objective& objective = job.problem.objectives.front();
  Json list = Json::array();
  for (const PlanSummary& summary : plans) {
    Json best = Json::array();
    for (std::size_t i = 0; i < looks.size(); ++i) best.push_back(json_or_null(summary.best(i)));
    Json runs = Json::array();
    for (const PlanRun& run : summary.runs) {
      Json values = Json::array();
      for (const auto& value : run.best) values.push_back(json_or_null(value));
      runs.push_back({{"best", std::move(values)},
                      {"levels", run.levels},
                      {"seconds", run.time.count()},
                      {"trials", run.trials},
                      {"stopped", run.stopped},
                      {"failed", run.failed}});
    }
    Json budget = Json::object();
    if (summary.plan.budget.max_trials) budget["max_trials"] = *summary.plan.budget.max_trials;
    if (summary.plan.budget.max_time) budget["max_time"] = summary.plan.budget.max_time->count();
    if (summary.plan.budget.max_cost) budget["max_cost"] = *summary.plan.budget.max_cost;
    list.push_back({{"strategy", summary.plan.strategy.name},
                    {"workers", summary.plan.workers},
                    {"budget", std::move(budget)},
                    {"best", std::move(best)},
                    {"levels", summary.mean(levels_of)},
                    {"seconds", summary.mean(seconds_of)},
                    {"trials", summary.mean(trials_of)},
                    {"stopped", summary.mean(stopped_of)},
                    {"failed", summary.mean(failed_of)},
                    {"runs", std::move(runs)}});
  }
  return json_pretty({{"metric", objective.metric},
                      {"goal", to_string(objective.goal)},
                      {"looks", looks},
                      {"plans", std::move(list)}}) +
         "\n";
}

}  // namespace tunesmith::cli
