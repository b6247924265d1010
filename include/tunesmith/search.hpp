#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/export.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What a strategy proposes to evaluate next.
struct Suggestion {
  Configuration configuration = {};
  double until = run_to_end;
  std::optional<TrialId> replicate_of = {};
  /// Why, in words a user may read.
  std::string note = {};
  /// Comes back as Trial::strategy_state of the trial; the only memory a strategy has beside the
  /// trials.
  std::string state = {};
};

/// Proposes what to try next: a pure function of the view. Two calls with equal views give equal
/// answers, in any process: no clock, no stored generator; randomness is keyed by (problem seed,
/// number of the suggestion). Order of tells does not matter, only what is known.
///
/// A host may supply its own. A study calls `suggest` from one thread at a time, never while it
/// holds its locks; the view stays valid during the call.
class TUNESMITH_API SearchStrategy {
 public:
  virtual ~SearchStrategy() = default;
  /// For messages and the log, e.g. "bayesian".
  virtual std::string name() const = 0;
  /// Up to `count` (≥ 1) suggestions, numbered from view.size() on; all inside the space, keeping
  /// its constraints, none equal to a configuration already in the view (whatever its state) or to
  /// each other, unless `replicate_of` is set. Fewer: wait for results. None while no trial runs:
  /// the space is exhausted.
  virtual std::vector<Suggestion> suggest(const StudyView& view, int count) = 0;
};

struct RandomSearchOptions {
  /// Scrambled Sobol points (Owen, 1995; directions by Joe & Kuo, 2008) rather than independent
  /// draws: they cover the space more evenly.
  bool quasi_random = false;
};
/// Independent draws, uniform on the scaled ranges. Parallelism costs nothing.
TUNESMITH_API std::shared_ptr<SearchStrategy> random_search(RandomSearchOptions options = {});

/// Every configuration of a finite space once, the last parameter varying fastest; then
/// "exhausted". Never materialised: spaces of any size are fine. Throws Error{invalid_space} from
/// `suggest` where a parameter has infinitely many values.
TUNESMITH_API std::shared_ptr<SearchStrategy> grid_search();

struct BayesianSearchOptions {
  /// Trials before the model takes over (the centre, then scrambled Sobol); 0: chosen from
  /// dimension and budget.
  int initial_trials = 0;
};
/// Gaussian-process Bayesian optimisation: Matern-5/2 ARD, MAP hyperparameters, log expected
/// improvement, pending trials by fantasies. The default.
TUNESMITH_API std::shared_ptr<SearchStrategy> bayesian_search(BayesianSearchOptions options = {});

/// The strategies a job file can name, with their options.
TUNESMITH_API const std::vector<PluginInfo>& search_strategies();

/// A strategy by its name in search_strategies(), options as a JSON object. Throws
/// Error{invalid_argument} with every mistake; paths are "/<option>", or "" for the name.
TUNESMITH_API std::shared_ptr<SearchStrategy> make_search(std::string_view name,
                                                          std::string_view options_json = "{}");

}  // namespace tunesmith
