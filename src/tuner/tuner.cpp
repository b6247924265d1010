#include "tunesmith/tuner.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <set>
#include <utility>

#include "tuner/result.hpp"
#include "tuner/sink.hpp"

namespace tunesmith {
namespace {

constexpr Seconds lease_time{30};
constexpr Seconds housekeeping_interval{1};

/// Unique among the tuners alive, in whatever process: leases are told apart by it.
std::string lease_owner() {
  static std::atomic<int> tuners = 0;
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host = {'?'};
  const int number = ++tuners;
  return "process " + std::to_string(getpid()) + " on " + host.data() +
         (number > 1 ? " (its tuner " + std::to_string(number) + ")" : "");
}

/// The feasible trials in order of their first objective (of means where they were repeated, so
/// that StudyView::best() is the first), best first, cut at `count`; with several objectives the
/// front.
std::set<TrialId> best_trials(const StudyView& view, std::size_t count) {
  if (view.problem().objectives.size() > 1) {
    const std::vector<TrialId> front = view.front();
    return {front.begin(), front.end()};
  }
  const double sign = view.problem().objectives.front().goal == Goal::minimize ? 1 : -1;
  std::vector<std::pair<double, TrialId>> ranked;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    const Trial& trial = view.trial(id);
    if (view.feasible(trial)) ranked.emplace_back(sign * *view.mean_objective(id), id);
  }
  std::sort(ranked.begin(), ranked.end());
  std::set<TrialId> best;
  for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) best.insert(ranked[i].second);
  return best;
}

bool has_failed(const Trial& trial) {
  return trial.state == TrialState::failed || trial.state == TrialState::lost;
}

/// In order of ending.
std::vector<const Trial*> failed_trials(const StudyView& view) {
  std::vector<const Trial*> failed;
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    if (has_failed(view.trial(id))) failed.push_back(&view.trial(id));
  }
  std::stable_sort(failed.begin(), failed.end(),
                   [](const Trial* a, const Trial* b) { return a->ended < b->ended; });
  return failed;
}

std::string without_digits(std::string text) {
  std::erase_if(text, [](char c) { return c >= '0' && c <= '9'; });
  return text;
}

}  // namespace

struct Tuner::Impl {
  Impl(Study& the_study, std::unique_ptr<TrialExecutor> the_executor, TunerOptions the_options)
      : study(the_study),
        executor(std::move(the_executor)),
        options(std::move(the_options)),
        owner(lease_owner()),
        clock(study.clock()),
        sink(std::make_shared<TunerSink>(study)) {}

  Study& study;
  std::unique_ptr<TrialExecutor> executor;
  TunerOptions options;
  std::string owner;
  /// The study's, so that budgets and events go by one time.
  const Clock& clock;
  std::shared_ptr<TunerSink> sink;

  std::mutex cancel_mutex;
  std::optional<std::string> cancelled;

  Seconds session_start{0};
  Seconds active_before{0};
  /// On the machine's clock: other processes wait for the lease by that.
  Seconds last_claim{0};
  Seconds last_refresh{0};
  std::int64_t failures_before = 0;
  std::set<TrialId> discarded;
  /// Will never be resumed, and the executor has not been told yet.
  std::set<TrialId> retired;
  std::size_t notices_told = 0;
  std::optional<std::pair<EndReason, std::string>> end;

  Seconds active() const { return active_before + (clock.monotonic() - session_start); }

  static std::int64_t failures(const StudyView& view) {
    return view.count(TrialState::failed) + view.count(TrialState::lost);
  }

  int parallel() const {
    const int capacity = std::max(1, executor->capacity());
    const int allowed =
        options.max_parallel > 0 ? std::min(options.max_parallel, capacity) : capacity;
    if (!options.probe_first || sink->works()) return allowed;
    const StudyView view = study.view();
    return view.count(TrialState::completed) + view.count(TrialState::paused) == 0 ? 1 : allowed;
  }

  void claim() {
    const LeaseResult lease = study.store().lease(study.key(), owner, lease_time);
    if (!lease.granted) {
      throw Error(ErrorCode::store_busy,
                  "study \"" + study.name() + "\" is being tuned by " + lease.holder +
                      "; stop that one first, or use another study name or store");
    }
  }

  /// Finishes what an earlier session left open: harvests what ended meanwhile, and lets the rest
  /// go on as new attempts.
  void recover() {
    for (const TrialRun& run : study.open_runs()) {
      sink->expect(run);
      const std::string handle = study.view().trial(run.trial).handle;
      const Recovery found = executor->recover(run, handle, TrialReporter(sink, run));
      // Over, and no result was given: nobody will ever give it.
      const bool silent = found == Recovery::finished && sink->awaits(run);
      if (found == Recovery::gone || silent) {
        sink->finish(run,
                     {.outcome = Outcome::preempted, .reason = "its tuner ended before it did"});
      }
    }
  }

  void start(const TrialRun& run) {
    sink->expect(run);
    std::string handle;
    try {
      handle = executor->start(run, TrialReporter(sink, run));
    } catch (const std::exception& error) {
      return sink->finish(run, {.outcome = Outcome::failed, .reason = error.what()});
    } catch (...) {
      return sink->finish(run, {.outcome = Outcome::failed,
                                .reason = "its start threw something that is no std::exception"});
    }
    study.started(run, handle);
  }

  void finish_search(EndReason reason, std::string explanation) {
    if (!end) end.emplace(reason, std::move(explanation));
  }

  void stop_running(bool preempt) {
    sink->stop_all(preempt);
    for (const TrialRun& run : sink->running()) executor->request_stop(run);
  }

  /// No trial has ever ended well, and enough of this session have failed to say so:
  /// max_first_failures, or, where none has even reported, two in a row for the same reason (digits
  /// apart), which is what a mistake in the script looks like.
  bool first_trials_failed(const StudyView& view) const {
    const std::int64_t new_failures = failures(view) - failures_before;
    const std::int64_t open = view.count(TrialState::running) + view.count(TrialState::preempted);
    const bool none_ended_well = failures(view) == static_cast<std::int64_t>(view.size()) - open;
    if (options.max_first_failures <= 0 || !none_ended_well || new_failures == 0) return false;
    if (new_failures >= options.max_first_failures) return true;
    if (new_failures < 2 || sink->works()) return false;
    const std::vector<const Trial*> failed = failed_trials(view);
    return without_digits(failed[failed.size() - 1]->reason) ==
           without_digits(failed[failed.size() - 2]->reason);
  }

  /// Decides whether the search is over, apart from what `ask` says.
  void check_end(const StudyView& view) {
    // Not under the lock: an executor that is asked to stop a trial may cancel in turn.
    const std::optional<std::string> why = [&] {
      const std::lock_guard lock(cancel_mutex);
      return cancelled;
    }();
    if (why && !(end && end->first == EndReason::cancelled)) {
      end.emplace(EndReason::cancelled, *why);
      stop_running(true);
    }
    if (end) return;
    if (view.stop_requested()) {
      const bool by_rule = view.stopped_by_rule();
      finish_search(by_rule ? EndReason::stopped_by_rule : EndReason::cancelled,
                    *view.stop_requested());
      stop_running(!by_rule);  // a rule's end is final: nothing would go on
      return;
    }
    for (const TrialRun& run : sink->running()) {
      if (view.stop_requested(run.trial)) {
        executor->request_stop(run);
      } else if (view.pause_requested(run.trial)) {
        executor->request_pause(run);
      }
    }
    if (first_trials_failed(view)) {
      finish_search(EndReason::too_many_failures,
                    "the first " + std::to_string(failures(view) - failures_before) +
                        " trials failed; the last: " + last_failure(view));
      stop_running(true);  // what is cut short goes on once the mistake is mended
      return;
    }
    const std::optional<EndReason> spent = spent_limit(view, active());
    if (!spent || *spent == EndReason::trials_spent || *spent == EndReason::cost_spent)
      return;  // trials that were begun are run to their end
    std::string words = study.why_spent();
    if (*spent == EndReason::time_spent) words = "the time budget is spent";
    if (*spent == EndReason::too_many_failures) words += "; the last: " + last_failure(view);
    finish_search(*spent, std::move(words));
    stop_running(false);
  }

  static std::string last_failure(const StudyView& view) {
    const std::vector<const Trial*> failed = failed_trials(view);
    if (failed.empty()) return "";
    const std::string& reason = failed.back()->reason;  // may go on with lines of detail
    return "trial " + std::to_string(failed.back()->id) + ": " +
           reason.substr(0, reason.find('\n'));
  }

  void start_more() {
    while (!end && sink->running_count() < static_cast<std::size_t>(parallel())) {
      const Asked asked = study.ask();
      if (asked) {
        start(*asked);
        check_end(study.view());
        continue;
      }
      if (asked.reason() == NothingNow::waiting && sink->running_count() > 0) return;
      if (asked.reason() == NothingNow::budget_spent) {
        const StudyView view = study.view();
        check_end(view);  // a stop may have been asked for just now
        finish_search(spent_limit(view, active()).value_or(EndReason::time_spent),
                      study.why_spent());
      } else {
        finish_search(EndReason::exhausted, "every configuration has been evaluated");
      }
    }
  }

  /// A trial that was cut short while the last ones ran begins again before the search is over.
  bool goes_on() const {
    const bool ran_out = end->first == EndReason::trials_spent ||
                         end->first == EndReason::cost_spent || end->first == EndReason::exhausted;
    return ran_out && study.view().count(TrialState::preempted) > 0 && study.why_spent().empty();
  }

  void discard_poor(const StudyView& view) {
    if (options.keep_best <= 0) return;
    const std::set<TrialId> kept = best_trials(view, static_cast<std::size_t>(options.keep_best));
    for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
      if (!is_final(view.trial(id).state) || kept.contains(id) || !discarded.insert(id).second)
        continue;
      executor->discard(id);
    }
  }

  /// The best one's checkpoints stay: they may be all that is left of its model.
  void retire_paused(const StudyView& view) {
    for (const TrialId id : study.take_retired()) retired.insert(id);
    const std::optional<TrialId> best = view.best();
    std::erase_if(retired, [&](TrialId id) {
      if (id == best) return false;
      executor->retire(id);
      return true;
    });
  }

  /// Nobody comes back to a study that ended for good; what was cut short goes on.
  bool ends_for_good() const {
    return end->first != EndReason::cancelled && end->first != EndReason::too_many_failures;
  }

  void housekeeping() {
    const Seconds real = system_clock()->monotonic();
    const bool due = real - last_claim >= housekeeping_interval;
    if (due) {
      last_claim = real;
      claim();
    }
    const Seconds now = clock.monotonic();
    if (!due && now - last_refresh < housekeeping_interval) return;
    last_refresh = now;
    study.refresh();
  }

  void deliver_notices(const StudyView& view) {
    for (; notices_told < view.notices().size(); ++notices_told) {
      const Notice& notice = view.notices()[notices_told];
      if (options.log) {
        options.log(LogLevel::warning,
                    (notice.trial < 0 ? "" : "trial " + std::to_string(notice.trial) + ": ") +
                        notice.rule + ": " + notice.message);
      }
      if (options.on_notice) options.on_notice(notice);
    }
  }

  void show(const StudyView& view) {
    if (!options.on_progress) return;
    const int pace =
        options.max_parallel > 0 ? options.max_parallel : std::max(1, executor->capacity());
    options.on_progress({.view = view,
                         .time_left = estimate_time_left(view, pace, active(), clock.wall()),
                         .stopping = sink->stopping()});
  }

  void loop() {
    for (;;) {
      housekeeping();
      check_end(study.view());
      if (!end) start_more();
      // Before the picture is taken, so that the last one has every result.
      const bool over = end && sink->running_count() == 0;
      if (over && goes_on()) {
        end.reset();
        continue;
      }
      if (over && ends_for_good()) study.retire_paused(end->second);
      const StudyView view = study.view();
      discard_poor(view);
      retire_paused(view);
      deliver_notices(view);
      show(view);
      // Also at the end: the last result may not have been recorded.
      const bool at_once = over || executor->advance();
      sink->wait(at_once ? Seconds(0) : std::min(options.progress_interval, housekeeping_interval));
      if (over) return;
    }
  }

  TuningResult run() {
    claim();
    try {
      study.refresh();
      if (options.budget != Budget{}) study.set_budget(options.budget);
      executor->open(study.name(), study.problem());
      const StudyView before = study.view();
      active_before = before.active_time();
      notices_told = before.notices().size();
      failures_before = failures(before);
      session_start = last_refresh = clock.monotonic();
      last_claim = system_clock()->monotonic();
      study.begin_session(owner);
      recover();
      loop();
    } catch (...) {
      sink->close();
      executor.reset();  // ends what still runs before the study is given up
      study.store().release(study.key(), owner);
      throw;
    }
    sink->close();
    executor.reset();
    study.store().release(study.key(), owner);
    return {.reason = end->first, .explanation = end->second, .view = study.view()};
  }
};

Tuner::Tuner(Study& study, std::unique_ptr<TrialExecutor> executor, TunerOptions options)
    : impl_(std::make_unique<Impl>(study, std::move(executor), std::move(options))) {
  if (impl_->executor == nullptr)
    throw Error(ErrorCode::invalid_argument, "a Tuner needs an executor");
}

Tuner::~Tuner() = default;

TuningResult Tuner::run() { return impl_->run(); }

void Tuner::cancel(std::string why) {
  {
    const std::lock_guard lock(impl_->cancel_mutex);
    if (!impl_->cancelled) impl_->cancelled = std::move(why);
  }
  impl_->sink->wake();
}

}  // namespace tunesmith
