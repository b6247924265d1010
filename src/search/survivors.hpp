#pragma once

#include <vector>

#include "search/outcome_ranking.hpp"
#include "surrogate/eigen.hpp"

namespace tunesmith {

/// Points on the unit simplex at even distances, one per column (Das & Dennis, "Normal-boundary
/// intersection", SIAM J. Optim. 8, 1998): (divisions + objectives − 1 choose divisions) of them.
/// Preconditions: objectives ≥ 2, divisions ≥ 1.
Matrix reference_points(int objectives, int divisions);

/// The most divisions that give no more than `most` reference points, at least 1.
int divisions_for(int objectives, std::size_t most);

/// Positions of the `count` outcomes that go on, rising: whole fronts, and of the last one the
/// lonely (NSGA-II). With four objectives and more those that fill the gaps between reference
/// points (NSGA-III: Deb & Jain, IEEE TEC 18, 2014), ties by position. All, where there are not
/// more.
std::vector<std::size_t> survivors(const std::vector<TrialOutcome>& outcomes, std::size_t count);

}  // namespace tunesmith
