#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// What a trial came to, for strategies that compare trials without a model of them.
struct TrialOutcome {
  /// It crashed, was infeasible or gave no finite objective.
  bool failed = false;
  /// By how much outcome constraints are broken, in all; infinite where one is not known.
  double violation = 0;
  /// Smaller is better. Empty where it failed.
  std::vector<double> objectives = {};

  bool is_feasible() const { return !failed && violation == 0; }
};

/// None: the trial has not ended, or its end tells nothing about its configuration (lost, stopped
/// without a value).
std::optional<TrialOutcome> outcome_of(const StudyView& view, const Trial& trial);

/// Whether `a` beats `b`: failures last, then by violation; where both keep the constraints, at
/// least as good in every objective and better in one (Deb, "An efficient constraint handling
/// method for genetic algorithms", 2000).
bool dominates(const TrialOutcome& a, const TrialOutcome& b);

/// Number of the front that each outcome is on, 0 for those that none beats (Deb et al., "A fast
/// and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC 6, 2002). O(n log n) for one
/// objective, O(n²) for several.
std::vector<int> front_numbers(const std::vector<TrialOutcome>& outcomes);

/// How far each member of one front is from its neighbours, summed over the objectives, each in
/// units of the front's extent (NSGA-II); infinite at the ends of an objective. Zero for those that
/// break a constraint or failed.
std::vector<double> crowding_distances(const std::vector<TrialOutcome>& outcomes,
                                       const std::vector<std::size_t>& front);

struct Ranking {
  /// Positions of the outcomes, the best first; equals in the order they came in.
  std::vector<std::size_t> order = {};
  /// places[i] belongs to order[i]; equal outcomes share a place.
  std::vector<int> places = {};
};
/// By front, and within a front the lonely before the crowded.
Ranking rank(const std::vector<TrialOutcome>& outcomes);

}  // namespace tunesmith
