#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/action.hpp"
#include "tunesmith/export.hpp"
#include "tunesmith/option.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What a strategy proposes to evaluate next: a new trial, or more of one that is paused.
struct Suggestion {
  /// Of a new trial; of a resumed one left empty.
  Configuration configuration = {};
  /// Resource level to run up to, above 0; of a resumed trial above what it ran up to before.
  double until = run_to_end;
  std::optional<TrialId> replicate_of = {};
  /// Why, in words a user may read.
  std::string note = {};
  /// Comes back as Trial::strategy_state of the trial; the only memory a strategy has beside the
  /// trials. Of a resumed trial it replaces the former one, unless it is empty.
  std::string state = {};
  /// What is still to be gained, where a model of the one objective tells; finite and ≥ 0.
  std::optional<Outlook> outlook = {};
  /// At a finite `until` the trial is paused instead of over, and waits for a suggestion that
  /// resumes or retires it.
  bool resumable = false;
  /// Not a new trial: this paused one goes on, with its id and its reports, from where it was
  /// paused. `until`, `resumable`, `note` and `state` take the place of the former ones; `outlook`
  /// and `replicate_of` are left empty.
  std::optional<TrialId> resume = {};
  /// Nothing to evaluate: this paused trial is over (Outcome::stopped), what it kept for being
  /// resumed may go, and `note` says why. All other fields are left empty. Not counted in the
  /// `count` of SearchStrategy::suggest.
  std::optional<TrialId> retire = {};
};

/// Proposes what to try next: a pure function of the view. Two calls with equal views give equal
/// answers, in any process: no clock, no stored generator; randomness is keyed by (problem seed,
/// number of the suggestion). Order of tells does not matter, only what is known.
///
/// A strategy may run trials piece by piece: a new trial with a finite `until` and `resumable` is
/// paused there and keeps its id, its reports and its checkpoint; a later suggestion resumes it up
/// to a higher level, or retires it. Paused trials that nobody resumed are retired when the study's
/// budget is spent. A strategy that sets none of this needs to know none of it.
///
/// A host may supply its own. A study calls a strategy from one thread at a time, and `suggest`
/// never while it holds its locks; the view stays valid during the call.
class TUNESMITH_API SearchStrategy {
 public:
  virtual ~SearchStrategy() = default;
  /// For messages and the log, e.g. "bayesian".
  virtual std::string name() const = 0;
  /// Up to `count` (≥ 1) suggestions, numbered from view.size() on; all inside the space, keeping
  /// its constraints, none equal to a configuration already in the view (whatever its state) or to
  /// each other, unless `replicate_of` is set. Fewer: wait for results. None while no trial runs:
  /// the space is exhausted. Resumed trials are no new ones: they take no number. Once the budget's
  /// trials are spent only suggestions that resume and retire are taken; a new trial is then taken
  /// for "nothing to resume for now".
  virtual std::vector<Suggestion> suggest(const StudyView& view, int count) = 0;

  /// Whether `on_events` is to be called; always the same answer.
  virtual bool follows_events() const noexcept { return false; }
  /// Fed every event of the log once, in log order, in stretches of any length, under the rules of
  /// StoppingRule::on_events: the actions must not depend on how the log is cut; answer in
  /// O(log n); take from `view`, which shows the log up to the last of `news`, what does not
  /// change. Before each `suggest` it has been fed all that the view shows; events that come during
  /// a `suggest` are fed after it. What it keeps of them is an index, not a memory: an instance
  /// that was fed nothing suggests the same. The actions are recorded as those of stopping rules;
  /// those on trials that do not run are forgotten.
  virtual std::vector<Action> on_events(const StudyView& /*view*/,
                                        std::span<const StoredEvent> /*news*/) {
    return {};
  }
};

/// The default: chooses for each suggestion, by space, objectives and history, and says so in its
/// note. bayesian_search while a model is worth its cost; from 400 trials on cma_es_search where
/// most parameters are numbers and none is conditional, begun where the model found the best; from
/// 3000 on tpe_search elsewhere; evolution_search for several objectives from 1000 trials on (more
/// than four: 250).
TUNESMITH_API std::shared_ptr<SearchStrategy> auto_search();

/// Independent draws, uniform on the scaled ranges; where parameters have priors, every other one
/// by them. Parallelism costs nothing.
TUNESMITH_API std::shared_ptr<SearchStrategy> random_search();

/// Scrambled Sobol points (Owen, 1995; directions by Joe & Kuo, 2008): independent of all results,
/// as random_search, but they cover the space more evenly, however many there will be.
TUNESMITH_API std::shared_ptr<SearchStrategy> sobol_search();

struct LatinHypercubeSearchOptions {
  /// Points that share out every range evenly among them; then another such set begins. 0: as many
  /// as the budget has trials, 100 where it has no such bound.
  int points = 0;
};
/// Latin hypercube samples (McKay, Beckman & Conover, Technometrics 21, 1979): of `points`
/// suggestions each has one in every slice of every parameter's range.
TUNESMITH_API std::shared_ptr<SearchStrategy> latin_hypercube_search(
    LatinHypercubeSearchOptions options = {});

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
/// improvement, pending trials by fantasies; columns are bent where the data call for it
/// (Kumaraswamy). Does not try again where the three nearest trials gave one and the same value,
/// and after twenty trials of next to no gain makes every third suggestion away from all trials.
/// Heeds priors, costs, standard errors, outcome constraints and earlier studies.
TUNESMITH_API std::shared_ptr<SearchStrategy> bayesian_search(BayesianSearchOptions options = {});

struct TpeSearchOptions {
  /// Ended trials before the model takes over (scrambled Sobol points); 0: 10.
  int initial_trials = 0;
  /// Draws from the density of the good trials, of which the one with the best ratio of densities
  /// becomes the suggestion; ≥ 1.
  int candidates = 24;
};
/// Tree-structured Parzen estimators (Bergstra et al., "Algorithms for hyper-parameter
/// optimization", NeurIPS 2011) in their multivariate form: a density of the best tenth of the
/// trials over one of the others. Cheap, takes conditional spaces as they are, and bears thousands
/// of trials: O(candidates · trials · parameters). With several objectives the good ones are the
/// first fronts; trials that break an outcome constraint rank below all others, by how much they
/// break it; running and failed ones count among the others.
TUNESMITH_API std::shared_ptr<SearchStrategy> tpe_search(TpeSearchOptions options = {});

struct CmaEsSearchOptions {
  /// Results that make a generation, ≥ 4; doubled with each restart. 0: 4 + ⌊3 ln d⌋ for d
  /// parameters.
  int population = 0;
};
/// CMA-ES (Hansen, arXiv:1604.00772) on the scaled ranges, with margin for ints and steps (Hamano
/// et al., GECCO 2022), categorical distributions for choices, and a restart with twice the
/// population where it got stuck. Begins where earlier trials of other origin are good. For budgets
/// of many times 100 trials: O(parameters²) per suggestion, however many trials there are. Trials
/// that break an outcome constraint rank last, by how much; several objectives are ranked by fronts
/// and crowding. Never waits for a result.
TUNESMITH_API std::shared_ptr<SearchStrategy> cma_es_search(CmaEsSearchOptions options = {});

struct EvolutionSearchOptions {
  /// Trials that parents are chosen from, ≥ 4. 0: a fifth of the trials, at least 10 and at most
  /// 100 (50 with two or three objectives).
  int population = 0;
};
/// Evolution by mutation and selection, for huge discrete and conditional spaces. One objective:
/// regularised evolution, a mutant of the best of some recent trials (Real et al., AAAI 2019).
/// Several: NSGA-II (Deb et al., IEEE TEC 6, 2002), with the reference points of NSGA-III (Deb &
/// Jain, IEEE TEC 18, 2014) for four and more. Never waits for a result.
TUNESMITH_API std::shared_ptr<SearchStrategy> evolution_search(EvolutionSearchOptions options = {});

/// What becomes of a trial that reaches a rung.
enum class AshaType {
  stopping,  ///< it runs on if it is among the best so far, else it is stopped
  promotion  ///< it is paused, and resumed once it is among the best
};

struct AshaSearchOptions {
  /// None: stopping for asha_search, promotion for multi_fidelity_search.
  std::optional<AshaType> type = {};
  /// Level of the lowest rung; ≥ 1. The next ones are eta times higher each.
  std::int64_t min_resource = 1;
  /// Level at which a trial has run to its end; ≥ min_resource and ≤ 10¹⁵. 0: where it ends by
  /// itself, with rungs as high as trials come.
  std::int64_t max_resource = 0;
  /// One of so many trials goes on from a rung; ≥ 2.
  std::int64_t eta = 3;
  /// Ladders that trials are drawn for, the n-th without the n − 1 lowest rungs and with eta^(1−n)
  /// as many trials; 1 to 20. Trials compete within theirs.
  int brackets = 1;
  /// Chooses the configurations. Null: a default of the strategy's.
  std::shared_ptr<SearchStrategy> searcher = {};
};
/// Asynchronous successive halving (Li et al., "A system for massively parallel hyperparameter
/// tuning", MLSys 2020), around any other strategy, by default random_search. With `stopping`, a
/// trial is stopped at a rung where at least eta trials have a value and its own is not among the
/// best of each eta (rounded up; ties run on); O(log n) per report. With `promotion`, the best
/// paused trial that is among the best of each eta (rounded down) of its rung is resumed, from the
/// highest rung down, else a new one begins. The first objective counts, at the first level at or
/// past the rung where it was reported; values that are not finite and those of failed trials count
/// as worst. Never waits for a result. A searcher other than random_search sees a study in which
/// every trial that reached a rung has ended: with its value at the highest rung where three trials
/// have one, or what is to be expected there of its last value and the standard error of that, by
/// lines from rung to rung (after Kennedy & O'Hagan, Biometrika 87, 2000). Throws
/// Error{invalid_argument} with every mistake of the options.
TUNESMITH_API std::shared_ptr<SearchStrategy> asha_search(AshaSearchOptions options = {});

/// asha_search by promotion around auto_search, so that a model learns from all that trials
/// reported, with every third configuration drawn at random: for problems whose trials report the
/// objective as they go. Trials that cannot be resumed begin anew when they are promoted; with
/// `stopping` none has to, at some cost in quality: a model's suggestions are soon better than most
/// trials before them, and nearly all would run to their end.
TUNESMITH_API std::shared_ptr<SearchStrategy> multi_fidelity_search(AshaSearchOptions options = {});

struct HalvingSearchOptions {
  /// Level of the lowest rung; ≥ 1.
  std::int64_t min_resource = 1;
  /// Level at which a trial has run to its end; ≥ min_resource and ≤ 10¹⁵.
  std::int64_t max_resource = 81;
  /// One of so many trials goes on from a rung; ≥ 2.
  std::int64_t eta = 3;
  /// Chooses the configurations. Null: random_search.
  std::shared_ptr<SearchStrategy> searcher = {};
};
/// Hyperband (Li et al., JMLR 18, 2018), synchronous: brackets by turns (hyperband_brackets); once
/// all trials of a rung have reached it or ended, the best of each eta are resumed up to the next
/// and the others are over. Meanwhile workers begin the next bracket. Trials are paused at rungs,
/// so that they go on where they can be resumed; no stopping rule is needed beside it. Values count
/// as in asha_search. Throws Error{invalid_argument} with every mistake of the options.
TUNESMITH_API std::shared_ptr<SearchStrategy> hyperband_search(HalvingSearchOptions options = {});

/// hyperband_search with its first bracket alone, again and again (Jamieson & Talwalkar, AISTATS
/// 2016).
TUNESMITH_API std::shared_ptr<SearchStrategy> successive_halving_search(
    HalvingSearchOptions options = {});

/// PASHA (Bohdal et al., ICLR 2023): asha_search by promotion whose highest rung is at first the
/// second; it rises while the trials of the two highest rungs are ranked otherwise by one than by
/// the other, ties by the noise of the curves aside. For much less effort where early levels tell
/// all.
TUNESMITH_API std::shared_ptr<SearchStrategy> pasha_search(HalvingSearchOptions options = {});

/// The strategies a job file can name, with their options.
TUNESMITH_API const std::vector<PluginInfo>& search_strategies();

/// A strategy by its name in search_strategies(), options as a JSON object. Throws
/// Error{invalid_argument} with every mistake; paths are "/<option>", or "" for the name.
TUNESMITH_API std::shared_ptr<SearchStrategy> make_search(std::string_view name,
                                                          std::string_view options_json = "{}");

}  // namespace tunesmith
