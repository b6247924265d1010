#include <algorithm>
#include <utility>

#include "testing/checks.hpp"
#include "testing/strategy_cases.hpp"
#include "trial/event_json.hpp"
#include "tunesmith/error.hpp"
#include "tunesmith/study.hpp"

namespace tunesmith::testing {
namespace {

constexpr const char* name = "conformance";

/// The end of a trial, decided by its number and its configuration alone.
TrialResult result_of(const Problem& problem, const TrialRun& run) {
  if (run.trial % 5 == 3) return {.outcome = Outcome::failed, .reason = "for the kit"};
  if (run.trial % 5 == 4) return {.outcome = Outcome::infeasible, .reason = "for the kit"};
  return {.metrics = metrics_of(problem, smooth_loss(problem.space, run.configuration))};
}

StudyView study_of(const Problem& problem, const ParentStudy& parent) {
  TrialLog log(problem);
  for (const ParentEvaluation& one : parent.evaluations) {
    const TrialId id = log.add({.configuration = one.configuration}, Origin::enqueued);
    log.end(id, Outcome::completed, metrics_of(problem, one.values.front()));
  }
  return log.view();
}

/// Tunes with one trial at a time. With `interrupted` each trial is another process's: the study
/// is opened anew by a new instance, some trials are left open and run again by the next.
std::shared_ptr<Store> tune_in_store(const StrategyKit& kit, const StrategyCase& one, int trials,
                                     bool interrupted) {
  const std::shared_ptr<Store> store = open_store("memory:");
  bool first = true;
  const auto open = [&] {
    StudyOptions options{
        .name = name, .problem = one.problem, .search = kit.make(), .store = store};
    // Only the first to open the study has them.
    if (std::exchange(first, false)) {
      for (const ParentStudy& parent : one.parents)
        options.parents.push_back(study_of(one.problem, parent));
    }
    return Study(std::move(options));
  };
  Study study = open();
  for (int i = 0; i < trials; ++i) {
    if (interrupted) study = open();
    const Asked asked = study.ask();
    if (!asked) break;
    TrialRun run = *asked;
    study.report(run, 1, metrics_of(one.problem, static_cast<double>(i)));
    if (interrupted && i % 3 == 1) {
      study = open();
      run = study.restart(study.open_runs().at(0), "its process ended");
    }
    study.tell(run, result_of(one.problem, run));
  }
  return store;
}

void check_resumption(Checks& checks, const StrategyCase& one, const StudyView& whole,
                      const StudyView& parts) {
  checks.expect(whole.size() == parts.size(), one.name + ": " + std::to_string(whole.size()) +
                                                  " trials without interruption, " +
                                                  std::to_string(parts.size()) + " with");
  for (TrialId id = 0; id < static_cast<TrialId>(std::min(whole.size(), parts.size())); ++id) {
    const Trial& a = whole.trial(id);
    const Trial& b = parts.trial(id);
    if (!checks.expect(a.configuration == b.configuration && a.strategy_state == b.strategy_state,
                       one.name + ": trial " + std::to_string(id) + " is " +
                           b.configuration.to_json() + " where the study was opened again, and " +
                           a.configuration.to_json() + " where it was not")) {
      return;
    }
  }
}

void check_recomputation(Checks& checks, const StrategyKit& kit, const StrategyCase& one,
                         Store& store) {
  const StudyKey key = store.open_study(name, "").key;
  for (const StoredEvent& stored : store.events_since(key, 0, 1'000'000)) {
    if (stored.event.kind != EventKind::suggested) continue;
    const SuggestionRecord trial = read_suggestion(stored.event.payload);
    auto again = kit.make()->suggest(read_study(store, name, trial.prefix), 1);
    std::erase_if(again,
                  [](const Suggestion& suggestion) { return suggestion.retire.has_value(); });
    const bool equal = !again.empty() && again[0].configuration == trial.configuration &&
                       again[0].state == trial.state && again[0].note == trial.note &&
                       again[0].outlook == trial.outlook;
    if (!checks.expect(equal, one.name + ": trial " + std::to_string(stored.event.trial) +
                                  ", recomputed from " + std::to_string(trial.prefix) +
                                  " events of the log, is " +
                                  (again.empty() ? "none" : again[0].configuration.to_json()) +
                                  " instead of " + trial.configuration.to_json())) {
      return;
    }
  }
}

}  // namespace

void check_in_studies(Checks& checks, const StrategyKit& kit) {
  std::vector<StrategyCase> cases = {strategy_cases()[0], finite_cases()[0], case_with_parents()};
  const auto each_case = [&](const std::function<void(const StrategyCase&)>& body) {
    for (const StrategyCase& one : cases) {
      try {
        body(one);
      } catch (const Error& error) {
        // Strategies for finite spaces alone say so.
        if (error.code() != ErrorCode::invalid_space || one.configurations) throw;
      }
    }
  };
  const int trials = std::max(6, kit.trials / 2);
  checks.check("a study that is stopped anywhere goes on as it would have", [&] {
    each_case([&](const StrategyCase& one) {
      const auto whole = tune_in_store(kit, one, trials, false);
      const auto parts = tune_in_store(kit, one, trials, true);
      check_resumption(checks, one, read_study(*whole, name), read_study(*parts, name));
    });
  });
  checks.check("what was suggested can be recomputed from the log's prefix", [&] {
    each_case([&](const StrategyCase& one) {
      check_recomputation(checks, kit, one, *tune_in_store(kit, one, trials, false));
    });
  });
}

}  // namespace tunesmith::testing
