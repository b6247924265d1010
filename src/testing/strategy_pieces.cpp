#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <span>
#include <utility>

#include "core/random.hpp"
#include "testing/checks.hpp"
#include "testing/strategy_cases.hpp"
#include "trial/event_json.hpp"
#include "trial/fold.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/study.hpp"

namespace tunesmith::testing {
namespace {

constexpr const char* name = "pieces";
/// Where trials end by themselves.
constexpr double last_level = 9;

Metrics metrics_at(const Problem& problem, const TrialRun& run, double level) {
  const double loss = smooth_loss(problem.space, run.configuration);
  return metrics_of(problem, loss + 1 / level);
}

/// One piece of a trial, whose course its number alone decides: most end by themselves or as they
/// are told, some fail and some are taken away.
TrialResult run_piece(Study& study, const TrialRun& run, const std::function<void()>& between) {
  Decision decision = Decision::keep_going;
  double level = run.reached.value_or(0);
  while (decision == Decision::keep_going && level < std::min(run.until, last_level)) {
    between();
    ++level;
    decision = study.report(run, level, metrics_at(study.problem(), run, level));
    if (run.trial % 7 == 5) return {.outcome = Outcome::failed, .reason = "for the kit"};
    if (run.trial % 7 == 6 && run.attempt == 1) {
      return {.outcome = Outcome::preempted, .reason = "for the kit"};
    }
  }
  between();
  if (decision == Decision::keep_going || run.trial % 2 == 0) return {};
  return {.outcome = Outcome::stopped, .reason = "as it was told"};
}

/// With `interrupted` the study is opened anew by a new instance between any two calls.
std::shared_ptr<Store> tune_in_pieces(const StrategyKit& kit, const Problem& problem,
                                      bool interrupted) {
  const std::shared_ptr<Store> store = open_store("memory:");
  const auto open = [&] {
    return Study({.name = name, .problem = problem, .search = kit.make(), .store = store});
  };
  Study study = open();
  const int trials = std::clamp(kit.trials / 2, 6, 30);
  study.set_budget({.max_trials = trials});
  const auto between = [&] {
    if (interrupted) study = open();
  };
  for (int piece = 0; piece < 20 * trials; ++piece) {
    between();
    const Asked run = study.ask();
    if (!run) break;
    const TrialResult result = run_piece(study, *run, between);
    study.tell(*run, result);
  }
  return store;
}

/// Others are looked at where trials run to their end.
bool runs_in_pieces(const StrategyKit& kit, Store& store) {
  if (kit.make()->follows_events()) return true;
  const StudyView view = read_study(store, name);
  for (TrialId id = 0; id < static_cast<TrialId>(view.size()); ++id) {
    if (std::isfinite(view.trial(id).until)) return true;
  }
  return false;
}

/// What was suggested, trial by trial and piece by piece.
std::vector<Event> steps_of(Store& store, StudyKey key) {
  std::vector<Event> steps;
  for (const StoredEvent& stored : store.events_since(key, 0, 1'000'000)) {
    Event step = stored.event;
    step.time = 0;
    const bool chosen = step.kind == EventKind::suggested || step.kind == EventKind::resumed ||
                        step.kind == EventKind::retired || step.kind == EventKind::stop_requested ||
                        step.kind == EventKind::pause_requested;
    if (chosen) steps.push_back(std::move(step));
  }
  return steps;
}

bool same_step(const Event& a, const Event& b) {
  return a.kind == b.kind && a.trial == b.trial && a.payload == b.payload;
}

std::string shown(const Event& step) {
  return "event kind " + std::to_string(static_cast<int>(step.kind)) + " of trial " +
         std::to_string(step.trial) + " " + step.payload.substr(0, 200);
}

void check_resumption(Checks& checks, Store& whole, Store& parts) {
  const auto steps = [](Store& store) { return steps_of(store, store.open_study(name, "").key); };
  const std::vector<Event> a = steps(whole);
  const std::vector<Event> b = steps(parts);
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end(), same_step);
  if (x == a.end() && y == b.end()) return;
  checks.expect(false, "step " + std::to_string(x - a.begin()) + " is " +
                           (y == b.end() ? "missing" : shown(*y)) +
                           " where the study was opened again, and " +
                           (x == a.end() ? "missing" : shown(*x)) + " where it was not");
}

/// An answer to more than one place, as a tuner of several workers would use it.
void check_answer(Checks& checks, const StudyView& view, const std::vector<Suggestion>& answer,
                  int count) {
  const std::string place = std::to_string(view.size()) + " trials: ";
  std::set<TrialId> named;
  int taken = 0;
  for (const Suggestion& one : answer) {
    if (!one.retire) ++taken;
    const std::optional<TrialId> id = one.retire ? one.retire : one.resume;
    if (!id) continue;
    checks.expect(named.insert(*id).second,
                  place + "trial " + std::to_string(*id) + " is resumed or retired twice");
    const bool there = *id >= 0 && *id < static_cast<TrialId>(view.size());
    checks.expect(
        there && view.trial(*id).state == TrialState::paused,
        place + "trial " + std::to_string(*id) + " is resumed or retired, but not paused");
  }
  checks.expect(taken <= count,
                place + "asked for " + std::to_string(count) + ", gave " + std::to_string(taken));
}

/// The event that the first suggestion to be run becomes.
bool becomes(const Suggestion& suggestion, const Event& step) {
  if (step.kind == EventKind::resumed) {
    const ResumptionRecord record = read_resumption(step.payload);
    return suggestion.resume == step.trial && suggestion.until == record.until &&
           suggestion.note == record.note && suggestion.state == record.state &&
           suggestion.resumable == record.resumable;
  }
  const SuggestionRecord record = read_suggestion(step.payload);
  return !suggestion.resume && suggestion.configuration == record.configuration &&
         suggestion.until == record.until && suggestion.resumable == record.resumable &&
         suggestion.state == record.state && suggestion.note == record.note;
}

/// By an instance that was fed no event.
void check_recomputation(Checks& checks, const StrategyKit& kit, Store& store) {
  for (const Event& step : steps_of(store, store.open_study(name, "").key)) {
    if (!opens_attempt(step.kind)) continue;
    const Sequence prefix = step.kind == EventKind::resumed ? read_resumption(step.payload).prefix
                                                            : read_suggestion(step.payload).prefix;
    const StudyView view = read_study(store, name, prefix);
    const auto again = kit.make()->suggest(view, 1);
    const auto first =
        std::find_if(again.begin(), again.end(), [](const Suggestion& one) { return !one.retire; });
    if (!checks.expect(first != again.end() && becomes(*first, step),
                       shown(step) + ": recomputed from " + std::to_string(prefix) +
                           " events of the log it is another")) {
      return;
    }
    check_answer(checks, view, kit.make()->suggest(view, 4), 4);
  }
}

std::vector<Action> feed(SearchStrategy& strategy, const Problem& problem,
                         const std::vector<StoredEvent>& events,
                         const std::function<std::size_t()>& next_length) {
  StudyFold fold(problem);
  std::vector<Action> actions;
  for (std::size_t at = 0; at < events.size();) {
    const std::size_t length = std::min(next_length(), events.size() - at);
    const std::span<const StoredEvent> stretch(events.data() + at, length);
    for (const StoredEvent& event : stretch) fold.apply(event);
    for (Action& action : strategy.on_events(fold.snapshot(), stretch)) {
      actions.push_back(std::move(action));
    }
    at += length;
  }
  return actions;
}

void check_following(Checks& checks, const StrategyKit& kit, const Problem& problem, Store& store) {
  if (!kit.make()->follows_events()) return;
  const auto events = store.events_since(store.open_study(name, "").key, 0, 1'000'000);
  const auto one_by_one = feed(*kit.make(), problem, events, [] { return std::size_t{1}; });
  for (const Action& action : one_by_one) {
    checks.expect(!action.reason.empty(), "an action without a reason");
  }
  RandomStream dice(10, 0, "cuts");
  const auto in_pieces =
      feed(*kit.make(), problem, events, [&] { return std::size_t{1} + dice.below(20); });
  const bool same =
      std::equal(one_by_one.begin(), one_by_one.end(), in_pieces.begin(), in_pieces.end(),
                 [](const Action& a, const Action& b) {
                   return a.kind == b.kind && a.trial == b.trial && a.reason == b.reason;
                 });
  checks.expect(same, "fed in pieces it answers otherwise than fed event by event");
}

}  // namespace

bool equal(const Suggestion& a, const Suggestion& b) {
  return a.configuration == b.configuration && a.state == b.state && a.until == b.until &&
         a.replicate_of == b.replicate_of && a.note == b.note && a.outlook == b.outlook &&
         a.resumable == b.resumable && a.resume == b.resume && a.retire == b.retire;
}

void check_in_pieces(Checks& checks, const StrategyKit& kit) {
  std::vector<StrategyCase> cases = {strategy_cases()[0], finite_cases()[0]};
  cases[0].problem.objectives[0].goal = Goal::maximize;
  const auto each_study = [&](const std::function<void(const Problem&, Store&)>& body) {
    for (const StrategyCase& one : cases) {
      try {
        const auto store = tune_in_pieces(kit, one.problem, false);
        if (runs_in_pieces(kit, *store)) body(one.problem, *store);
      } catch (const Error& error) {
        // Strategies for finite spaces alone say so.
        if (error.code() != ErrorCode::invalid_space || one.configurations) throw;
      }
    }
  };
  checks.check("trials that run in pieces go on as they would have where the study is stopped",
               [&] {
                 each_study([&](const Problem& problem, Store& whole) {
                   check_resumption(checks, whole, *tune_in_pieces(kit, problem, true));
                 });
               });
  checks.check("pieces of trials can be recomputed from the log's prefix", [&] {
    each_study([&](const Problem&, Store& store) { check_recomputation(checks, kit, store); });
  });
  checks.check("what it does about events does not depend on how the log is cut", [&] {
    each_study([&](const Problem& problem, Store& store) {
      check_following(checks, kit, problem, store);
    });
  });
}

}  // namespace tunesmith::testing
