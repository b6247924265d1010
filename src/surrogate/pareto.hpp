#pragma once

#include <vector>

#include "surrogate/eigen.hpp"

namespace tunesmith {

// Sets of outcomes with several objectives: one row per point, one column per objective, larger is
// better, all finite. A point dominates another when it is nowhere worse and somewhere better.

/// The layer of every point: 0 for the front, 1 for what is the front without layer 0, and so on.
/// Equal points share a layer. Efficient non-dominated sort: O(n²) at worst, far less with many
/// layers (Zhang et al., "An efficient approach to nondominated sorting", IEEE Trans. Evol. Comp.
/// 19, 2015).
std::vector<int> non_dominated_layers(const Matrix& points);

/// Rows of the points that no other dominates, ascending; of equal points the first.
std::vector<Eigen::Index> non_dominated_rows(const Matrix& points);

/// At most `limit` rows that cover all: each objective's best, then time and again the point
/// farthest from those chosen, each objective scaled to its range. In the order of choice.
std::vector<Eigen::Index> covering_rows(const Matrix& points, Eigen::Index limit);

/// Where improvements are to count from: per objective the worst of `points` less a tenth of their
/// range, or of a tenth of the range of `all` where that is more (0.01 where nothing differs).
Vector inferred_reference(const Matrix& points, const Matrix& all);

}  // namespace tunesmith
