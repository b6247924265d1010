#pragma once

#include <vector>

#include "surrogate/box_decomposition.hpp"

namespace tunesmith {

/// Log expected hypervolume improvement at a batch of points, and its derivatives by the posterior
/// of each objective there.
struct HypervolumeImprovement {
  Vector value = {};
  /// Per objective: a row per point, a column per fantasy.
  std::vector<Matrix> by_mean = {};
  std::vector<Vector> by_deviation = {};
};

/// In closed form for objectives that are independent given the data: the expected volume gained is
/// a sum over disjoint boxes [l, u) of Π_k (EI_k(l_k) − EI_k(u_k)), where EI_k(a) = s_k·h((m_k −
/// a)/s_k) is the expected improvement of objective k over a. Taken in logarithms throughout, so
/// that values and slopes stay finite where the improvement itself underflows, and averaged over
/// the fantasies (one decomposition and one column of each mean per fantasy). O(boxes · objectives)
/// for each point and fantasy.
HypervolumeImprovement log_expected_hypervolume_improvement(
    const std::vector<Matrix>& means, const std::vector<Vector>& deviations,
    const std::vector<BoxDecomposition>& boxes);

}  // namespace tunesmith
