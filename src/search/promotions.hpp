#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "search/rung_ladder.hpp"
#include "search/rung_record.hpp"
#include "tunesmith/trial.hpp"

namespace tunesmith {

/// Which paused trials may be resumed: an index of a view's trials. Not synchronised.
class Promotions {
 public:
  explicit Promotions(const RungLadder& ladder);

  void clear();
  /// Takes a trial as it now stands. O(rungs · log n), and O(1) for a final one that stays.
  void update(const Problem& problem, const Trial& trial);

  struct Promotion {
    TrialId trial = 0;
    /// Rung that it waits at, and how many trials are there.
    std::size_t rung = 0;
    std::size_t among = 0;
  };
  /// The first `count` to be resumed: from the highest rung down, the best first. Trials that wait
  /// at `highest` or beyond stay.
  std::vector<Promotion> best(std::size_t count, std::size_t highest) const;

  /// Number and rank of the trials at a rung of the first bracket that are at the next one too, by
  /// number.
  struct Pair {
    TrialId trial = 0;
    double below = 0;
    double above = 0;
  };
  std::vector<Pair> pairs(std::size_t rung) const;

 private:
  struct Rung {
    RungRecord record;
    std::set<RungRecord::Entry> waiting = {};
  };
  struct Standing {
    std::size_t lowest = 0;
    /// Per rung from the lowest.
    std::vector<double> ranks = {};
    std::optional<std::size_t> waits = {};
  };
  Rung& rung_at(std::size_t bracket, std::size_t rung);
  void withdraw(TrialId id, const Standing& standing);

  RungLadder ladder_;
  /// Per lowest rung, then per rung.
  std::vector<std::vector<Rung>> brackets_;
  std::vector<Standing> standings_;
};

}  // namespace tunesmith
