#pragma once

#include <vector>

#include "surrogate/eigen.hpp"

namespace tunesmith {

/// Disjoint boxes that fill a region of the space of objectives. Box b covers, for objective k,
/// [levels[k][lower(b, k)], levels[k][upper(b, k)]).
struct BoxDecomposition {
  /// Per objective, ascending: the reference, the front's values, +∞.
  std::vector<Vector> levels = {};
  /// A row per box, a column per objective.
  Eigen::MatrixXi lower = {};
  Eigen::MatrixXi upper = {};
};

/// At most this many objectives have boxes.
inline constexpr Eigen::Index most_boxed_objectives = 4;

/// What lies above `reference` and is not dominated by `front` (one row per point, larger is
/// better; points may be dominated, equal or not above the reference). O(n) boxes for two and three
/// objectives, O(n²) for four: the local upper bounds of Lacour, Klamroth & Fonseca, "A box
/// decomposition algorithm to compute the hypervolume indicator", Computers & Operations Research
/// 79, 2017, taken of the front and then, for disjoint boxes, of those bounds (Yang et al.,
/// "Efficient computation of expected hypervolume improvement using box decomposition algorithms",
/// J. Global Optimization 75, 2019). Precondition: one to four objectives.
BoxDecomposition non_dominated_boxes(const Matrix& front, const Vector& reference);

}  // namespace tunesmith
