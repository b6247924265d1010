#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tunesmith/clock.hpp"
#include "tunesmith/executor.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/search.hpp"
#include "tunesmith/stopping.hpp"
#include "tunesmith/store.hpp"

/// Kits that hold a host's own strategy, stopping rule, executor or store to its contract. They
/// need no test framework:
///
///     const auto result =
///         tunesmith::testing::check_strategy({.make = [] { return my_search(); }});
///     if (!result.holds()) std::cerr << result.report();
///
/// A kit goes on after a broken promise, takes what an implementation throws as broken, and waits
/// for nothing without a limit; what hangs is left behind on a thread of its own. The same call
/// does the same every time. Throws Error{invalid_argument} where `make` is missing.
namespace tunesmith::testing {

/// A promise that was not kept.
struct BrokenPromise {
  /// The name of the check, e.g. "no duplicates"; one of Conformance::checks.
  std::string check = {};
  /// What was seen, with the case it was seen in.
  std::string what = {};
};

struct TUNESMITH_API Conformance {
  /// Names of what was looked at, in order.
  std::vector<std::string> checks = {};
  /// At most a few per check.
  std::vector<BrokenPromise> broken = {};

  bool holds() const noexcept { return broken.empty(); }
  /// A line per check; under those that broke, what was seen.
  std::string report() const;
};

struct StrategyKit {
  /// A new instance each time, as another process would make it. Required.
  std::function<std::shared_ptr<SearchStrategy>()> make = {};
  /// Trials of the studies that are searched from start to end. Strategies that compute long are
  /// checked on fewer.
  int trials = 40;
  /// Length of the longest history that suggestions are made from.
  int longest_history = 10000;
  /// The longest that one call may take.
  Seconds patience = Seconds(60);
};
/// Bounds, constraints, conditions, determinism, order of ends, resumption and recomputation, no
/// duplicates, exhaustion, failures, extreme values and shapes of spaces. A strategy for finite
/// spaces alone says so by Error{invalid_space}, and is then checked on those.
TUNESMITH_API Conformance check_strategy(const StrategyKit& kit);

struct StoppingRuleKit {
  /// A new instance each time. Required.
  std::function<std::shared_ptr<StoppingRule>()> make = {};
  /// The longest that one call may take.
  Seconds patience = Seconds(60);
};
/// Independence of how the log is cut, determinism, actions on trials that run, with a reason, and
/// courses with failures, restarts, repeated and missing levels, and values that are not finite.
TUNESMITH_API Conformance check_stopping_rule(const StoppingRuleKit& kit);

struct ExecutorKit {
  /// A new executor whose trials behave as conformance_trial does; at least `capacity` at once.
  /// Required. Executors of functions are handed conformance_trial itself; those of processes run a
  /// program that reads the parameters named there.
  std::function<std::unique_ptr<TrialExecutor>(int capacity)> make = {};
  /// A second executor on the place of the one that `make` gave last and that is gone, as the next
  /// session would make it. Null for executors that leave nothing behind: that check is left out.
  std::function<std::unique_ptr<TrialExecutor>()> again = {};
  /// The longest that a trial may take to begin, to end or to be heard of.
  Seconds patience = Seconds(20);
};
/// Every attempt ends once, as it should and with its reports before; stop requests, pauses, their
/// absence of effect on others, capacity, restarts, recovery, and an end that leaves nothing
/// running.
TUNESMITH_API Conformance check_executor(const ExecutorKit& kit);

/// The problem of check_executor's trials: a categorical parameter "behaviour" and an int "levels".
TUNESMITH_API Problem conformance_problem();

/// How the trials of check_executor behave, by parameter "behaviour": "complete" reports `loss` =
/// 1 / level at levels 1 … "levels" and completes; "fail" reports one level, then fails with a
/// reason; "wait" reports one level and then waits until it is asked to stop or to pause; "silent"
/// completes without a report; "nan" reports `loss` = NaN at level 1 and completes.
TUNESMITH_API TrialResult conformance_trial(const TrialRun& run, const TrialReporter& reporter);

struct StoreKit {
  /// A new, empty store each time, independent of the others. Required.
  std::function<std::shared_ptr<Store>()> make = {};
  /// A second object on the place of the store that `make` gave last, as another process would open
  /// it. Null for stores without a place ("memory:"): those checks are left out.
  std::function<std::shared_ptr<Store>()> reopen = {};
  /// Does the `number`-th kind of damage to that place while no object has it open; false: there
  /// are no more kinds. Null: damage is not checked.
  std::function<bool(int number)> damage = {};
  /// The longest that one call may take.
  Seconds patience = Seconds(60);
};
/// Compare-and-swap, fencing, all or nothing, order, paging, bit-exact values, odd names, leases,
/// waiting, concurrent writers and readers, reopening, removal, and damage that is found and said.
TUNESMITH_API Conformance check_store(const StoreKit& kit);

}  // namespace tunesmith::testing
