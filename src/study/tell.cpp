#include <algorithm>
#include <cmath>

#include "core/numbers.hpp"
#include "study/study_impl.hpp"

namespace tunesmith {
namespace {

bool same_value(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// What the level holds already; null where nobody reported from it.
const Metrics* metrics_at(const std::vector<Report>& reports, double resource) {
  if (reports.empty() || reports.back().resource < resource) return nullptr;
  const auto level =
      std::lower_bound(reports.begin(), reports.end(), resource,
                       [](const Report& report, double value) { return report.resource < value; });
  return level != reports.end() && level->resource == resource ? &level->metrics : nullptr;
}

bool holds(const Metrics& metrics, const std::string& name, double value) {
  const auto known = metrics.find(name);
  return known != metrics.end() && same_value(known->second, value);
}

bool ends_as(TrialState state, Outcome outcome) {
  return std::string_view(to_string(state)) == to_string(outcome);
}

}  // namespace

bool Study::Impl::reached_locked(TrialId id) const {
  const Trial& trial = fold.trial(id);
  return std::isfinite(trial.until) && !trial.reports.empty() &&
         trial.reports.back().resource >= trial.until;
}

std::vector<Event> Study::Impl::report_events_locked(const TrialRun& run, double resource,
                                                     const Metrics& metrics) const {
  std::vector<Event> events;
  events.reserve(metrics.size());
  const Metrics* known = metrics_at(fold.trial(run.trial).reports, resource);
  for (const auto& [metric, value] : metrics) {
    if (known != nullptr && holds(*known, metric, value)) continue;
    events.push_back({.kind = EventKind::reported,
                      .trial = run.trial,
                      .attempt = run.attempt,
                      .resource = resource,
                      .value = value,
                      .metric = metric});
  }
  return events;
}

Decision Study::Impl::report(const TrialRun& run, double resource, const Metrics& metrics) {
  if (!std::isfinite(resource)) {
    throw Error(ErrorCode::invalid_argument,
                "trial " + std::to_string(run.trial) + " reported at resource level " +
                    number_text(resource) + "; levels are finite numbers");
  }
  const std::lock_guard lock(state);
  if (!fold.is_open(run.trial, run.attempt)) catch_up_locked();
  if (!fold.is_open(run.trial, run.attempt)) return Decision::stop;
  if (auto events = report_events_locked(run, resource, metrics); !events.empty()) {
    const AppendResult result =
        append_locked(std::move(events), Precondition::attempt_is_open(run.trial, run.attempt));
    if (result.status != AppendResult::Status::ok) return Decision::stop;
  }
  if (fold.stop_requested(run.trial)) return Decision::stop;
  if (fold.pause_requested(run.trial)) return Decision::pause;
  if (!reached_locked(run.trial)) return Decision::keep_going;
  return fold.trial(run.trial).resumable ? Decision::pause : Decision::stop;
}

void Study::Impl::judge_locked(const TrialRun& run, TrialResult& result) const {
  if (result.outcome != Outcome::completed) return;
  const Metrics reported =
      result.metrics.empty() ? fold.reported_metrics(fold.trial(run.trial)) : Metrics{};
  const Metrics& metrics = result.metrics.empty() ? reported : result.metrics;
  for (const Objective& objective : fold.problem().objectives) {
    const auto found = metrics.find(objective.metric);
    if (found != metrics.end() && std::isfinite(found->second)) continue;
    result.outcome = Outcome::failed;
    if (!result.reason.empty()) result.reason += "; ";
    result.reason += "objective \"" + objective.metric + "\" " +
                     (found == metrics.end() ? "has no value" : "is " + number_text(found->second));
    return;
  }
}

void Study::Impl::settle_outcome_locked(const TrialRun& run, TrialResult& result) const {
  const Trial& trial = fold.trial(run.trial);
  const bool stopping = fold.stop_requested(run.trial);
  const bool cut_short = result.outcome == Outcome::preempted || result.outcome == Outcome::lost;
  const bool ended_early = result.outcome == Outcome::stopped || result.outcome == Outcome::paused;
  // Who completes has come to what was asked for, however he counts levels.
  const bool reached = reached_locked(run.trial) ||
                       (result.outcome == Outcome::completed && std::isfinite(trial.until));
  const bool at_end = reached && ((cut_short && trial.resumable) || (ended_early && !stopping));
  if (at_end) result.outcome = Outcome::completed;
  judge_locked(run, result);
  if (result.outcome == Outcome::completed) {
    if (reached && trial.resumable) {
      result.outcome = stopping && !cut_short ? Outcome::stopped : Outcome::paused;
      result.reason = "it has come to level " + number_text(trial.until);
    } else if (at_end) {
      result.reason.clear();
    }
  } else if (fold.pause_requested(run.trial) && !stopping && (cut_short || ended_early)) {
    result.outcome = Outcome::paused;
    result.reason = fold.why_paused(run.trial);
  } else if (result.outcome == Outcome::paused && stopping) {
    result.outcome = Outcome::stopped;
  }
}

Told Study::Impl::closed_locked(const TrialRun& run, Outcome outcome) const {
  if (run.trial < 0 || run.trial >= static_cast<TrialId>(fold.size())) return Told::fenced;
  const Trial& trial = fold.trial(run.trial);
  const bool same = ends_as(trial.state, outcome) ||
                    (trial.state == TrialState::paused &&
                     (outcome == Outcome::completed || outcome == Outcome::stopped));
  return trial.attempt == run.attempt && same ? Told::duplicate : Told::fenced;
}

Told Study::Impl::tell(const TrialRun& run, TrialResult result) {
  const std::lock_guard lock(state);
  if (!fold.is_open(run.trial, run.attempt)) catch_up_locked();
  const bool known = run.trial >= 0 && run.trial < static_cast<TrialId>(fold.size());
  if (!known) return Told::fenced;
  if (!fold.is_open(run.trial, run.attempt)) {
    judge_locked(run, result);
    return closed_locked(run, result.outcome);
  }
  settle_outcome_locked(run, result);

  std::vector<Event> events;
  events.reserve(result.metrics.size() + 1);
  if (result.outcome == Outcome::paused && !reached_locked(run.trial) && !result.metrics.empty()) {
    events = report_events_locked(run, fold.trial(run.trial).until, result.metrics);
  }
  if (result.outcome != Outcome::preempted && result.outcome != Outcome::paused) {
    for (const auto& [metric, value] : result.metrics) {
      events.push_back({.kind = EventKind::measured,
                        .trial = run.trial,
                        .attempt = run.attempt,
                        .value = value,
                        .metric = metric});
    }
  }
  // Who asked for the end knows better why than whoever carried it out.
  if (result.outcome == Outcome::stopped && fold.stop_requested(run.trial)) {
    result.reason = fold.why_stopped(run.trial);
  }
  if (result.outcome != Outcome::completed && result.reason.empty()) {
    result.reason = "no reason given";
  }
  events.push_back({.kind = EventKind::finished,
                    .trial = run.trial,
                    .attempt = run.attempt,
                    .value = static_cast<double>(result.outcome),
                    .payload = std::move(result.reason)});
  const AppendResult appended =
      append_locked(std::move(events), Precondition::attempt_is_open(run.trial, run.attempt));
  return appended.status == AppendResult::Status::ok ? Told::accepted
                                                     : closed_locked(run, result.outcome);
}

}  // namespace tunesmith
