#include "tunesmith/study.hpp"

#include <limits>
#include <utility>

#include "study/log_reader.hpp"
#include "study/parent_import.hpp"
#include "study/problem_difference.hpp"
#include "study/study_impl.hpp"
#include "trial/budget_json.hpp"

namespace tunesmith {
namespace {

/// The problem as it is stored: scales settled, the baseline in the space's order and types. Throws
/// for mistakes.
Problem usable(Problem problem) {
  if (std::vector<Mistake> mistakes = validate(problem); !mistakes.empty()) {
    const bool space_only = mistakes.size() == problem.space.validate().size();
    throw Error(space_only ? ErrorCode::invalid_space : ErrorCode::invalid_problem,
                std::move(mistakes));
  }
  problem.space = problem.space.settled();
  if (problem.baseline) problem.baseline = problem.space.conform(*problem.baseline);
  return problem;
}

StudyOptions with_defaults(StudyOptions options) {
  if (options.name.empty()) throw Error(ErrorCode::invalid_argument, "a study needs a name");
  options.problem = usable(std::move(options.problem));
  if (!options.search) options.search = auto_search();
  if (!options.store) options.store = open_store("memory:");
  for (const auto& rule : options.stopping_rules) {
    if (rule == nullptr) throw Error(ErrorCode::invalid_argument, "a stopping rule is null");
  }
  if (!options.clock) options.clock = system_clock();
  check_parents(options.parents, options.problem);
  return options;
}

}  // namespace

const char* to_string(NothingNow reason) noexcept {
  switch (reason) {
    case NothingNow::waiting:
      return "waiting";
    case NothingNow::exhausted:
      return "exhausted";
    case NothingNow::budget_spent:
      return "budget_spent";
  }
  return "unknown";
}

const char* to_string(Told told) noexcept {
  switch (told) {
    case Told::accepted:
      return "accepted";
    case Told::duplicate:
      return "duplicate";
    case Told::fenced:
      return "fenced";
  }
  return "unknown";
}

Study::Impl::Impl(StudyOptions options, Problem the_problem, const OpenedStudy& opened)
    : name(std::move(options.name)),
      strategy(std::move(options.search)),
      rules(std::move(options.stopping_rules)),
      store(std::move(options.store)),
      clock(std::move(options.clock)),
      log(std::move(options.log)),
      key(opened.key),
      fold(std::move(the_problem)) {
  // What the log calls for was answered when it was written: trials that ran then begin again, and
  // are judged by what they report next.
  constexpr std::size_t stretch = 8192;
  read_log(*store, key, 0, std::numeric_limits<Sequence>::max(), [&](StoredEvent stored) {
    take_locked(std::move(stored));
    if (unread.size() + strategy_unread.size() >= stretch) consult_locked(false);
  });
  consult_locked(false);
  record_parents_locked(options.parents);
  if (log && !opened.created) log_continuation_locked();
}

void Study::Impl::log_continuation_locked() const {
  const std::string study = "study \"" + name + "\"";
  log(LogLevel::info, study + " goes on after " + std::to_string(fold.size()) +
                          (fold.size() == 1 ? " trial" : " trials"));
  for (auto id = static_cast<TrialId>(fold.size()); id-- > 0;) {
    const Trial& last = fold.trial(id);
    if (last.strategy.empty()) continue;
    if (last.strategy != strategy->name()) {
      log(LogLevel::warning, study + " goes on with strategy \"" + strategy->name() +
                                 "\"; its last suggestion was made by \"" + last.strategy + "\"");
    }
    return;
  }
}

void Study::Impl::record_parents_locked(const std::vector<StudyView>& parents) {
  if (parents.empty() || fold.prefix() > 0) return;
  std::vector<Event> events;
  for (const ParentStudy& parent : import_parents(parents, fold.problem())) {
    events.push_back({.kind = EventKind::parent, .payload = parent_payload(parent)});
  }
  // Whoever opened the study at the same time and was first has decided.
  append_locked(std::move(events), Precondition::generation_is(0));
}

void Study::Impl::take_locked(StoredEvent stored) {
  fold.apply(stored);
  if (stored.event.kind == EventKind::retired) retired.push_back(stored.event.trial);
  if (!rules.empty()) unread.push_back(stored);
  if (strategy->follows_events()) strategy_unread.push_back(std::move(stored));
}

void Study::Impl::catch_up_locked() {
  read_log(*store, key, fold.prefix(), std::numeric_limits<Sequence>::max(),
           [&](StoredEvent stored) { take_locked(std::move(stored)); });
  consult_locked();
}

AppendResult Study::Impl::append_locked(std::vector<Event> events,
                                        const Precondition& precondition) {
  const Timestamp now = clock->wall();
  for (Event& event : events) event.time = now;
  const AppendResult result = store->append(key, events, precondition);
  if (result.status == AppendResult::Status::ok && result.first == fold.prefix() + 1) {
    for (Event& event : events) take_locked({fold.prefix() + 1, std::move(event)});
    consult_locked();
  } else {
    catch_up_locked();
    if (result.status == AppendResult::Status::ok && fold.prefix() < result.first) {
      throw Error(ErrorCode::store_corrupt,
                  "the log of study \"" + name + "\" has become shorter; its store was replaced");
    }
  }
  if (result.status == AppendResult::Status::fenced &&
      fold.is_open(precondition.trial, precondition.attempt)) {
    throw Error(ErrorCode::store_corrupt, "the store of study \"" + name + "\" takes attempt " +
                                              std::to_string(precondition.attempt) + " of trial " +
                                              std::to_string(precondition.trial) +
                                              " for closed, but its log does not");
  }
  return result;
}

void Study::Impl::record_locked(Event event) {
  std::vector<Event> events;
  events.push_back(std::move(event));
  append_locked(std::move(events), {});
}

TrialRun Study::Impl::run_locked(TrialId id) const {
  const Trial& trial = fold.trial(id);
  return {id, trial.attempt, trial.configuration, trial.until, fold.reached(id)};
}

Study::Study(StudyOptions options) {
  options = with_defaults(std::move(options));
  const OpenedStudy opened = options.store->open_study(options.name, to_json(options.problem));
  Problem stored = read_stored_problem(options.name, opened.problem_json);
  if (std::vector<Mistake> mistakes = problem_difference(stored, options.problem);
      !mistakes.empty()) {
    throw Error(ErrorCode::study_mismatch, std::move(mistakes));
  }
  impl_ = std::make_unique<Impl>(std::move(options), std::move(stored), opened);
}

Study::~Study() = default;
Study::Study(Study&&) noexcept = default;
Study& Study::operator=(Study&&) noexcept = default;

const std::string& Study::name() const noexcept { return impl_->name; }
const Problem& Study::problem() const noexcept { return impl_->fold.problem(); }
Store& Study::store() const noexcept { return *impl_->store; }
StudyKey Study::key() const noexcept { return impl_->key; }
const Clock& Study::clock() const noexcept { return *impl_->clock; }

Asked Study::ask() { return impl_->ask(); }

Decision Study::report(const TrialRun& run, double resource, const Metrics& metrics) {
  return impl_->report(run, resource, metrics);
}

Told Study::tell(const TrialRun& run, const TrialResult& result) {
  return impl_->tell(run, result);
}

Told Study::tell(const TrialRun& run, double value) {
  const std::vector<Objective>& objectives = problem().objectives;
  if (objectives.size() != 1) {
    throw Error(ErrorCode::invalid_argument, "one value cannot tell " +
                                                 std::to_string(objectives.size()) +
                                                 " objectives; tell metrics by name");
  }
  return tell(run, Metrics{{objectives[0].metric, value}});
}

Told Study::tell(const TrialRun& run, Metrics metrics) {
  return impl_->tell(run, {.outcome = Outcome::completed, .metrics = std::move(metrics)});
}

Told Study::fail(const TrialRun& run, std::string reason) {
  return impl_->tell(run, {.outcome = Outcome::failed, .reason = std::move(reason)});
}

void Study::enqueue(const Configuration& configuration, std::string note) {
  QueuedConfiguration queued{problem().space.conform(configuration), std::move(note), {}};
  if (auto mistakes = problem().space.check(queued.configuration); !mistakes.empty()) {
    throw Error(ErrorCode::invalid_space, std::move(mistakes));
  }
  const std::lock_guard lock(impl_->state);
  impl_->record_locked({.kind = EventKind::enqueued, .payload = queued_payload(queued)});
}

void Study::replicate(TrialId trial, std::string note) {
  const std::lock_guard lock(impl_->state);
  impl_->catch_up_locked();
  if (trial < 0 || trial >= static_cast<TrialId>(impl_->fold.size())) {
    throw Error(ErrorCode::invalid_argument, "there is no trial " + std::to_string(trial));
  }
  const QueuedConfiguration queued{impl_->fold.trial(trial).configuration, std::move(note), trial};
  impl_->record_locked({.kind = EventKind::enqueued, .payload = queued_payload(queued)});
}

void Study::set_budget(const Budget& budget) {
  auto mistakes = validate(budget);
  const std::lock_guard lock(impl_->state);
  if (budget.max_cost && !impl_->fold.problem().cost) {
    mistakes.push_back({"/max_cost", "stands in a study whose problem names no cost", "left out"});
  }
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_problem, std::move(mistakes));
  impl_->catch_up_locked();
  if (impl_->fold.budget() == budget) return;
  impl_->record_locked({.kind = EventKind::budget, .payload = budget_payload(budget)});
}

std::string Study::why_spent() const {
  const std::lock_guard lock(impl_->state);
  return impl_->why_spent_locked();
}

void Study::begin_session(const std::string& who) {
  const std::lock_guard lock(impl_->state);
  impl_->record_locked({.kind = EventKind::session, .payload = session_payload(who)});
  impl_->in_session = true;
}

void Study::request_stop(std::string reason, std::optional<TrialId> trial) {
  const std::lock_guard lock(impl_->state);
  if (trial) impl_->catch_up_locked();
  if (trial && (*trial < 0 || *trial >= static_cast<TrialId>(impl_->fold.size()))) {
    throw Error(ErrorCode::invalid_argument, "there is no trial " + std::to_string(*trial));
  }
  if (trial && impl_->fold.is_paused(*trial)) {
    impl_->record_locked(
        {.kind = EventKind::retired, .trial = *trial, .payload = std::move(reason)});
    return;
  }
  impl_->record_locked({.kind = EventKind::stop_requested,
                        .trial = trial.value_or(-1),
                        .payload = std::move(reason)});
}

void Study::retire_paused(std::string why) {
  const std::lock_guard lock(impl_->state);
  impl_->catch_up_locked();
  impl_->retire_paused_locked(why);
}

std::vector<TrialId> Study::take_retired() {
  const std::lock_guard lock(impl_->state);
  return std::exchange(impl_->retired, {});
}

std::vector<TrialRun> Study::open_runs() const {
  const std::lock_guard lock(impl_->state);
  std::vector<TrialRun> runs;
  for (const TrialId id : impl_->fold.unfinished()) {
    if (impl_->fold.trial(id).state == TrialState::running) runs.push_back(impl_->run_locked(id));
  }
  return runs;
}

TrialRun Study::restart(const TrialRun& run, std::string why) {
  const std::lock_guard lock(impl_->state);
  impl_->catch_up_locked();
  if (impl_->fold.is_open(run.trial, run.attempt)) {
    const auto open = Precondition::attempt_is_open(run.trial, run.attempt);
    if (auto next = impl_->open_next_attempt_locked(run.trial, std::move(why), open)) return *next;
  }
  throw Error(ErrorCode::invalid_argument, "attempt " + std::to_string(run.attempt) + " of trial " +
                                               std::to_string(run.trial) +
                                               " is not open and cannot be restarted");
}

void Study::started(const TrialRun& run, const std::string& handle) {
  const std::lock_guard lock(impl_->state);
  impl_->append_locked(
      {{.kind = EventKind::started, .trial = run.trial, .attempt = run.attempt, .payload = handle}},
      Precondition::attempt_is_open(run.trial, run.attempt));
}

void Study::refresh() {
  const std::lock_guard lock(impl_->state);
  impl_->catch_up_locked();
  impl_->consult_clock_locked();
}

StudyView Study::view() const {
  const std::lock_guard lock(impl_->state);
  return impl_->fold.snapshot();
}

}  // namespace tunesmith
