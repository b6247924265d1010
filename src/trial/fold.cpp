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
    : problem_(std::make_shared<const Problem>(std::move(problem))),
      now_(std::make_shared<Picture>()) {
  now_->problem = problem_;
}

const Trial& StudyFold::trial(TrialId id) const {
  const auto index = static_cast<std::size_t>(id);
  return live_[index].trial != nullptr ? *live_[index].trial : *now_->trials[index];
}

bool StudyFold::is_unfinished(TrialId id) const noexcept {
  return id >= 0 && id < std::ssize(live_) && live_[static_cast<std::size_t>(id)].trial != nullptr;
}

bool StudyFold::is_open(TrialId id, int attempt) const noexcept {
  return is_unfinished(id) && trial(id).attempt == attempt &&
         trial(id).state == TrialState::running;
}

bool StudyFold::is_paused(TrialId id) const noexcept {
  return is_unfinished(id) && trial(id).state == TrialState::paused;
}

bool StudyFold::stop_requested(TrialId id) const noexcept {
  return now_->stop.has_value() || now_->why_stopping(id) != nullptr;
}

std::string StudyFold::why_stopped(TrialId id) const {
  if (const std::string* why = now_->why_stopping(id)) return *why;
  return now_->stop.value_or("");
}

std::optional<double> StudyFold::reached(TrialId id) const {
  const auto found = reached_.find(id);
  return found == reached_.end() ? std::nullopt : std::optional(found->second);
}

std::string StudyFold::why_paused(TrialId id) const {
  const auto found = now_->pausing.find(id);
  return found == now_->pausing.end() ? "" : found->second;
}

Metrics StudyFold::reported_metrics(const Trial& trial) const {
  const Objective& first = problem_->objectives.at(0);
  auto picked =
      final_report(trial.reports, problem_->final_rule, first.metric, first.goal == Goal::maximize);
  return picked ? std::move(picked->metrics) : Metrics{};
}

void StudyFold::apply(const StoredEvent& stored) {
  check(stored);
  part_from_readers();
  const Event& event = stored.event;
  switch (event.kind) {
    case EventKind::budget:
      now_->budget = read_budget_payload(event.payload);
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
      now_->pausing.emplace(event.trial, event.payload);
      may_pause_.insert(event.trial);
      break;
    case EventKind::parent:
      now_->parents.push_back(std::make_shared<const ParentStudy>(read_parent(event.payload)));
      for (const ParentEvaluation& one : now_->parents.back()->evaluations) {
        if (one.values.size() != problem().objectives.size()) {
          fail(stored, "an evaluation of an earlier study has " +
                           std::to_string(one.values.size()) + " values");
        }
      }
      break;
  }
  advance_active_time(event);
  if (moves_generation(event.kind)) ++generation_;
  now_->prefix = stored.sequence;
}

void StudyFold::part_from_readers() {
  // Acquired, so that what they have read comes before what is changed now.
  if (now_->readers.load(std::memory_order_acquire) == 0) return;
  now_ = std::make_shared<Picture>(*now_);
  now_->trials.part();
  now_->stopping.part();
  ++part_;
}

void StudyFold::begin_session(const Event& event) {
  now_->stop.reset();
  now_->stopped_by_rule = false;
  now_->stopping = {};
  now_->pausing.clear();
  now_->failures_in_a_row = 0;  // whoever starts again has looked at what failed
  session_ = true;
  active_until_ = event.time;
}

void StudyFold::request_stop(const Event& event) {
  if (event.trial >= 0) {
    if (now_->why_stopping(event.trial) != nullptr) return;
    const auto index = static_cast<std::size_t>(event.trial);
    while (now_->stopping.size() <= index) now_->stopping.push_back(nullptr);
    now_->stopping.set(index, std::make_shared<const std::string>(event.payload));
  } else {
    now_->stop = event.payload;
    now_->stopped_by_rule = event.value == 1;
  }
}

void StudyFold::notice(const Event& event) {
  noticed_.emplace(event.trial, event.metric, event.trial < 0 ? event.payload : "");
  auto longer = *now_->notices;
  longer.push_back(
      {.trial = event.trial, .rule = event.metric, .message = event.payload, .time = event.time});
  now_->notices = std::make_shared<const std::vector<Notice>>(std::move(longer));
}

bool StudyFold::noticed(const Notice& notice) const {
  return noticed_.contains({notice.trial, notice.rule, notice.trial < 0 ? notice.message : ""});
}

void StudyFold::enqueue(const StoredEvent& stored) {
  QueuedConfiguration queued = read_queued(stored.event.payload);
  if (queued.replicate_of && *queued.replicate_of >= static_cast<TrialId>(now_->trials.size())) {
    fail(stored, "it repeats a trial that does not exist");
  }
  queue_.push_back(std::move(queued));
  now_->queued = queue_.size();
}

void StudyFold::suggest(const StoredEvent& stored) {
  const Event& event = stored.event;
  SuggestionRecord record = read_suggestion(event.payload);
  if (record.replicate_of && *record.replicate_of >= event.trial) {
    fail(stored, "it repeats a trial that does not exist");
  }
  if (record.prefix > now_->prefix) fail(stored, "it was computed from events that come later");
  if (record.origin == Origin::enqueued) {
    if (queue_.empty()) fail(stored, "nothing was enqueued");
    queue_.pop_front();
    now_->queued = queue_.size();
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
  if (record.origin == Origin::baseline && !now_->baseline) now_->baseline = event.trial;
  if (trial->replicate_of) {
    const auto known = now_->originals.find(*trial->replicate_of);
    const TrialId original = known == now_->originals.end() ? *trial->replicate_of : known->second;
    now_->originals.emplace(trial->id, original);
    std::vector<TrialId>& same = now_->repetitions.try_emplace(original, 1, original).first->second;
    same.push_back(trial->id);
  }
  live_.push_back({trial.get(), part_});
  now_->trials.push_back(std::move(trial));
  unfinished_.insert(event.trial);
  ++now_->counts[static_cast<std::size_t>(TrialState::running)];
}

Trial& StudyFold::change(TrialId id) {
  const auto index = static_cast<std::size_t>(id);
  Live& live = live_[index];
  if (live.part != part_) {
    auto copy = std::make_shared<Trial>(*live.trial);
    live = {copy.get(), part_};
    now_->trials.set(index, std::move(copy));
  }
  return *live.trial;
}

void StudyFold::set_state(Trial& trial, TrialState state) {
  --now_->counts[static_cast<std::size_t>(trial.state)];
  ++now_->counts[static_cast<std::size_t>(state)];
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
  now_->pausing.erase(event.trial);
}

void StudyFold::resume(const Event& event) {
  ResumptionRecord record = read_resumption(event.payload);
  Trial& trial = change(event.trial);
  trial.earlier_seconds += std::fmax(0, trial.ended - trial.started);
  trial.until = record.until;
  trial.resumable = record.resumable;
  trial.note = std::move(record.note);
  if (!record.state.empty()) trial.strategy_state = std::move(record.state);
  if (now_->why_stopping(event.trial) != nullptr)
    now_->stopping.set(static_cast<std::size_t>(event.trial), nullptr);
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
  now_->pausing.erase(event.trial);
  if (trial.state == TrialState::preempted) return;
  may_pause_.erase(event.trial);
  now_->failures_in_a_row = trial.state == TrialState::failed ? now_->failures_in_a_row + 1 : 0;
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
  now_->total_cost += cost - counted;
  counted = cost;
}

void StudyFold::conclude(TrialId id, Metrics measured) {
  Trial& trial = change(id);
  trial.metrics = measured.empty() ? reported_metrics(trial) : std::move(measured);
  count_cost(trial);
  counted_costs_.erase(id);
  reached_.erase(id);
  live_[static_cast<std::size_t>(id)] = {};
  unfinished_.erase(id);
  update_best(id);
}

void StudyFold::update_best(TrialId id) {
  const Objective& objective = problem_->objectives[0];
  const auto consider = [&](TrialId candidate, double value) {
    const bool better = !best_value_ || is_better(objective, value, *best_value_) ||
                        (value == *best_value_ && candidate < *now_->best);
    if (!better) return;
    best_value_ = value;
    now_->best = candidate;
  };
  const Trial& trial = *now_->trials[static_cast<std::size_t>(id)];
  if (!is_feasible(*problem_, trial)) return;
  if (!now_->originals.contains(id) && !now_->repetitions.contains(id)) {
    consider(id, *objective_of(*problem_, trial, 0));
    return;
  }
  const std::vector<TrialId> same = repetitions_of(*now_, id);
  const bool was_best =
      now_->best && std::find(same.begin(), same.end(), *now_->best) != same.end();
  if (!was_best) {
    consider(*earliest_feasible(*now_, id), *mean_objective_of(*now_, id, 0));
    return;
  }
  // The mean of the best may have become worse: any other may be the best now.
  best_value_.reset();
  for (std::size_t i = 0; i < now_->trials.size(); ++i) {
    const auto other = static_cast<TrialId>(i);
    if (earliest_feasible(*now_, other) == other)
      consider(other, *mean_objective_of(*now_, other, 0));
  }
}

void StudyFold::advance_active_time(const Event& event) {
  if (!session_ || !shows_work(event.kind) || !std::isfinite(event.time)) return;
  // A clock that was set back costs the time until then, not all that follows.
  if (event.time > active_until_) now_->active_time += Seconds(event.time - active_until_);
  active_until_ = event.time;
}

StudyView StudyFold::snapshot() const {
  auto reader = std::make_shared<const Reader>(now_);
  return StudyView(std::shared_ptr<const StudyView::Data>(std::move(reader), now_.get()));
}

}  // namespace tunesmith
