#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// The rungs of asynchronous halving: min, min·η, min·η², … below max. Rungs are counted from 0.
class RungLadder {
 public:
  /// `max` 0: no end. Throws Error{invalid_argument} with every mistake, paths "/<option>".
  RungLadder(std::int64_t min, std::int64_t max, std::int64_t eta, int brackets = 1);

  /// The first level of rung `rung`; infinite where trials that passed the highest rung run to
  /// their end without a limit.
  double level(std::size_t rung) const { return rung < rungs() ? levels_[rung] : end(); }
  /// Below max; those of a ladder without end stop at 10¹⁵.
  std::size_t rungs() const noexcept { return levels_.size(); }
  /// Level at which a trial has run to its end.
  double end() const noexcept;
  std::int64_t eta() const noexcept { return eta_; }
  std::size_t brackets() const noexcept { return brackets_; }
  /// The lowest rung of a trial: a draw keyed by seed and number.
  std::size_t lowest_rung(std::uint64_t seed, TrialId id) const;

 private:
  std::int64_t min_;
  std::int64_t max_;
  std::int64_t eta_;
  std::vector<double> levels_;
  std::size_t brackets_;
};

/// What halving ranks values by: smaller is better, +∞ where it is not finite.
double halving_rank(const Problem& problem, double value);

/// The trial's rank at a level: at the first report of the first objective at or past it. None: it
/// has not come so far.
std::optional<double> rank_at(const Problem& problem, const Trial& trial, double level);

/// Whether what the trial reported is no observation.
bool counts_as_worst(TrialState state) noexcept;

}  // namespace tunesmith
