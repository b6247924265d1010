#include "trial/fold.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace tunesmith {
namespace {

TrialState state_after(Outcome outcome) {
  switch (outcome) {
    case Outcome::completed:
      return TrialState::completed;
    case Outcome::stopped:
      return TrialState::stopped;
    case Outcome::failed:
      return TrialState::failed;
    case Outcome::infeasible:
      return TrialState::infeasible;
    case Outcome::lost:
      return TrialState::lost;
    case Outcome::paused:
      return TrialState::paused;
    case Outcome::preempted:
      break;
  }
  return TrialState::preempted;
}

/// Whether only a tuner (or a host's own loop) at work writes such events; the others may come from
/// anyone at any time.
bool shows_work(EventKind kind) { return opens_attempt(kind) || !moves_generation(kind); }

}  // namespace

StudyFold::StudyFold(Problem problem)
    : problem_(std::make_shared<const Problem>(std::move(problem))) {
  data_.problem = problem_;
}

const Trial& StudyFold::trial(TrialId id) const {
  const auto index = static_cast<std::size_t>(id);
  return live_[index] ? *live_[index] : *data_.trials[index];
}

bool StudyFold::is_open(TrialId id, int attempt) const noexcept {
  return unfinished_.contains(id) && live_[static_cast<std::size_t>(id)]->attempt == attempt &&
         live_[static_cast<std::size_t>(id)]->state == TrialState::running;
}

bool StudyFold::is_paused(TrialId id) const noexcept {
  return unfinished_.contains(id) &&
         live_[static_cast<std::size_t>(id)]->state == TrialState::paused;
}

bool StudyFold::stop_requested(TrialId id) const noexcept {
  return data_.stop.has_value() || data_.stopping.contains(id);
}

std::string StudyFold::why_stopped(TrialId id) const {
  const auto found = data_.stopping.find(id);
  if (found != data_.stopping.end()) return found->second;
  return data_.stop.value_or("");
}

std::optional<double> StudyFold::reached(TrialId id) const {
  const auto found = reached_.find(id);
  return found == reached_.end() ? std::nullopt : std::optional(found->second);
}

std::string StudyFold::why_paused(TrialId id) const {
  const auto found = data_.pausing.find(id);
  return found == data_.pausing.end() ? "" : found->second;
}

Metrics StudyFold::reported_metrics(const Trial& trial) const {
  const Objective& first = problem_->objectives.at(0);
  auto picked =
      final_report(trial.reports, problem_->final_rule, first.metric, first.goal == Goal::maximize);
  return picked ? std::move(picked->metrics) : Metrics{};
}

void StudyFold::apply(const StoredEvent& stored) {
  check(stored);
  const Event& event = stored.event;
  switch (event.kind) {
    case EventKind::budget:
      data_.budget = read_budget_payload(event.payload);
      break;
    case EventKind::session:
      begin_session(event);
      break;
    case EventKind::enqueued:
      enqueue(stored);
      break;
    case EventKind::suggested:
      suggest(stored);
      break;
    case EventKind::restarted:
      restart(event);
      break;
    case EventKind::started:
      change(event.trial).handle = event.payload;
      break;
    case EventKind::reported:
      report(event);
      break;
    case EventKind::measured:
      measured_[event.metric] = event.value;
      measured_trial_ = event.trial;
      break;
    case EventKind::finished:
      finish(event);
      break;
    case EventKind::stop_requested:
      request_stop(event);
      break;
    case EventKind::noticed:
      notice(event);
      break;
    case EventKind::resumed:
      resume(event);
      break;
    case EventKind::retired:
      retire(event);
      break;
    case EventKind::pause_requested:
      data_.pausing.emplace(event.trial, event.payload);
      may_pause_.insert(event.trial);
      break;
    case EventKind::parent:
      data_.parents.push_back(std::make_shared<const ParentStudy>(read_parent(event.payload)));
      for (const ParentEvaluation& one : data_.parents.back()->evaluations) {
        if (one.values.size() != problem().objectives.size()) {
          fail(stored, "an evaluation of an earlier study has " +
                           std::to_string(one.values.size()) + " values");
        }
      }
      break;
  }
  advance_active_time(event);
  if (moves_generation(event.kind)) ++generation_;
  data_.prefix = stored.sequence;
  picture_.reset();
}

void StudyFold::begin_session(const Event& event) {
  data_.stop.reset();
  data_.stopped_by_rule = false;
  data_.stopping.clear();
  data_.pausing.clear();
  data_.failures_in_a_row = 0;  // whoever starts again has looked at what failed
  session_ = true;
  active_until_ = event.time;
}

void StudyFold::request_stop(const Event& event) {
  if (event.trial >= 0) {
    data_.stopping.emplace(event.trial, event.payload);
  } else {
    data_.stop = event.payload;
    data_.stopped_by_rule = event.value == 1;
  }
}

void StudyFold::notice(const Event& event) {
  noticed_.emplace(event.trial, event.metric, event.trial < 0 ? event.payload : "");
  auto longer = *data_.notices;
  longer.push_back(
      {.trial = event.trial, .rule = event.metric, .message = event.payload, .time = event.time});
  data_.notices = std::make_shared<const std::vector<Notice>>(std::move(longer));
}

bool StudyFold::noticed(const Notice& notice) const {
  return noticed_.contains({notice.trial, notice.rule, notice.trial < 0 ? notice.message : ""});
}

void StudyFold::enqueue(const StoredEvent& stored) {
  QueuedConfiguration queued = read_queued(stored.event.payload);
  if (queued.replicate_of && *queued.replicate_of >= static_cast<TrialId>(data_.trials.size())) {
    fail(stored, "it repeats a trial that does not exist");
  }
  queue_.push_back(std::move(queued));
  data_.queued = queue_.size();
}

void StudyFold::suggest(const StoredEvent& stored) {
  const Event& event = stored.event;
  SuggestionRecord record = read_suggestion(event.payload);
  if (record.replicate_of && *record.replicate_of >= event.trial) {
    fail(stored, "it repeats a trial that does not exist");
  }
  if (record.prefix > data_.prefix) fail(stored, "it was computed from events that come later");
  if (record.origin == Origin::enqueued) {
    if (queue_.empty()) fail(stored, "nothing was enqueued");
    queue_.pop_front();
    data_.queued = queue_.size();
  }
  auto trial = std::make_shared<Trial>();
  trial->id = event.trial;
  trial->configuration = std::move(record.configuration);
  trial->origin = record.origin;
  trial->until = record.until;
  trial->resumable = record.resumable;
  if (record.resumable) may_pause_.insert(trial->id);
  trial->replicate_of = record.replicate_of;
  trial->note = std::move(record.note);
  trial->strategy_state = std::move(record.state);
  trial->outlook = record.outlook;
  trial->prefix = record.prefix;
  trial->strategy = std::move(record.strategy);
  trial->instruction_set = std::move(record.instruction_set);
  trial->started = event.time;
  if (record.origin == Origin::baseline && !data_.baseline) data_.baseline = event.trial;
  if (trial->replicate_of) {
    const auto known = data_.originals.find(*trial->replicate_of);
    const TrialId original = known == data_.originals.end() ? *trial->replicate_of : known->second;
    data_.originals.emplace(trial->id, original);
    std::vector<TrialId>& same = data_.repetitions.try_emplace(original, 1, original).first->second;
    same.push_back(trial->id);
  }
  live_.push_back(std::move(trial));
  data_.trials.push_back(nullptr);
  unfinished_.insert(event.trial);
  changed_.push_back(event.trial);
  ++data_.counts[static_cast<std::size_t>(TrialState::running)];
}

Trial& StudyFold::change(TrialId id) {
  if (data_.trials[static_cast<std::size_t>(id)]) changed_.push_back(id);
  data_.trials.set(static_cast<std::size_t>(id), nullptr);
  return *live_[static_cast<std::size_t>(id)];
}

void StudyFold::set_state(Trial& trial, TrialState state) {
  --data_.counts[static_cast<std::size_t>(trial.state)];
  ++data_.counts[static_cast<std::size_t>(state)];
  trial.state = state;
}

void StudyFold::restart(const Event& event) {
  Trial& trial = change(event.trial);
  set_state(trial, TrialState::running);
  trial.attempt = event.attempt;
  trial.started = event.time;
  trial.handle.clear();
  if (!trial.reports.empty()) reached_[event.trial] = trial.reports.back().resource;
  trial.reason.clear();
  trial.ended = 0;
  data_.pausing.erase(event.trial);
}

void StudyFold::resume(const Event& event) {
  ResumptionRecord record = read_resumption(event.payload);
  Trial& trial = change(event.trial);
  trial.earlier_seconds += std::fmax(0, trial.ended - trial.started);
  trial.until = record.until;
  trial.resumable = record.resumable;
  trial.note = std::move(record.note);
  if (!record.state.empty()) trial.strategy_state = std::move(record.state);
  data_.stopping.erase(event.trial);
  if (record.resumable) may_pause_.insert(event.trial);
  restart(event);
}

void StudyFold::retire(const Event& event) {
  Trial& trial = change(event.trial);
  set_state(trial, TrialState::stopped);
  trial.reason = event.payload;
  conclude(event.trial, {});
}

void StudyFold::report(const Event& event) {
  std::vector<Report>& reports = change(event.trial).reports;
  const auto level =
      std::lower_bound(reports.begin(), reports.end(), event.resource,
                       [](const Report& report, double value) { return report.resource < value; });
  if (level != reports.end() && level->resource == event.resource) {
    level->metrics[event.metric] = event.value;
  } else {
    reports.insert(level, {event.resource, {{event.metric, event.value}}});
  }
}

void StudyFold::finish(const Event& event) {
  Trial& trial = change(event.trial);
  set_state(trial, state_after(static_cast<Outcome>(event.value)));
  trial.reason = event.payload;
  trial.ended = event.time;
  Metrics measured = std::exchange(measured_, {});
  measured_trial_ = -1;
  data_.pausing.erase(event.trial);
  if (trial.state == TrialState::preempted) return;
  may_pause_.erase(event.trial);
  data_.failures_in_a_row = trial.state == TrialState::failed ? data_.failures_in_a_row + 1 : 0;
  if (trial.state == TrialState::paused) {
    count_cost(trial);
  } else {
    conclude(event.trial, std::move(measured));
  }
}

void StudyFold::count_cost(const Trial& trial) {
  if (!problem_->cost) return;
  const double cost = cost_so_far(*problem_, trial).value_or(0);
  double& counted = counted_costs_[trial.id];
  data_.total_cost += cost - counted;
  counted = cost;
}

void StudyFold::conclude(TrialId id, Metrics measured) {
  Trial& trial = change(id);
  trial.metrics = measured.empty() ? reported_metrics(trial) : std::move(measured);
  count_cost(trial);
  counted_costs_.erase(id);
  reached_.erase(id);
  const auto index = static_cast<std::size_t>(id);
  data_.trials.set(index, std::exchange(live_[index], nullptr));
  unfinished_.erase(id);
  update_best(id);
}

void StudyFold::update_best(TrialId id) {
  const Objective& objective = problem_->objectives[0];
  const auto consider = [&](TrialId candidate, double value) {
    const bool better = !best_value_ || is_better(objective, value, *best_value_) ||
                        (value == *best_value_ && candidate < *data_.best);
    if (!better) return;
    best_value_ = value;
    data_.best = candidate;
  };
  const Trial& trial = *data_.trials[static_cast<std::size_t>(id)];
  if (!is_feasible(*problem_, trial)) return;
  if (!data_.originals.contains(id) && !data_.repetitions.contains(id)) {
    consider(id, *objective_of(*problem_, trial, 0));
    return;
  }
  const std::vector<TrialId> same = repetitions_of(data_, id);
  const bool was_best =
      data_.best && std::find(same.begin(), same.end(), *data_.best) != same.end();
  if (!was_best) {
    consider(*earliest_feasible(data_, id), *mean_objective_of(data_, id, 0));
    return;
  }
  // The mean of the best may have become worse: any other may be the best now.
  best_value_.reset();
  for (std::size_t i = 0; i < data_.trials.size(); ++i) {
    const auto other = static_cast<TrialId>(i);
    if (earliest_feasible(data_, other) == other)
      consider(other, *mean_objective_of(data_, other, 0));
  }
}

void StudyFold::advance_active_time(const Event& event) {
  if (!session_ || !shows_work(event.kind) || !std::isfinite(event.time)) return;
  // A clock that was set back costs the time until then, not all that follows.
  if (event.time > active_until_) data_.active_time += Seconds(event.time - active_until_);
  active_until_ = event.time;
}

StudyView StudyFold::snapshot() {
  if (!picture_) {
    for (const TrialId id : std::exchange(changed_, {})) {
      const auto index = static_cast<std::size_t>(id);
      if (!data_.trials[index])
        data_.trials.set(index, std::make_shared<const Trial>(*live_[index]));
    }
    data_.trials.part();
    picture_ = std::make_shared<const StudyView::Data>(data_);
  }
  return StudyView(picture_);
}

}  // namespace tunesmith
