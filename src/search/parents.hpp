#pragma once

#include <optional>
#include <vector>

#include "core/random.hpp"
#include "search/evolution_record.hpp"
#include "search/outcome_ranking.hpp"

namespace tunesmith {

/// The trials that the next children come from, best first. None: too few have ended.
struct Parents {
  std::vector<TrialId> ids = {};
  /// Equal for equally good ones.
  std::vector<int> places = {};
  /// Where they begin a generation: what its first suggestion carries.
  std::optional<EvolutionRecord> record = {};

  /// The best of `sample` drawn ones.
  TrialId tournament(std::size_t sample, RandomStream& random) const;
};

/// Regularised evolution: the latest `population` trials that ended, by number (Real et al.,
/// "Regularized evolution for image classifier architecture search", AAAI 2019). O(population)
/// unless many trials tell nothing.
std::optional<Parents> latest_parents(const StudyView& view, std::size_t population);

/// NSGA-II and III: those that survived the latest generation, which the latest record names; or
/// the survivors of these and of what ended since, where that is as much as a generation.
std::optional<Parents> surviving_parents(const StudyView& view, std::size_t population);

}  // namespace tunesmith
