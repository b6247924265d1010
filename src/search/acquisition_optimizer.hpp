#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "search/feature_encoding.hpp"

namespace tunesmith {

/// What is to be maximised over a space, and what is known about it.
struct AcquisitionTask {
  /// Values at rows of features and, where asked for, the gradient by them.
  std::function<Vector(const Matrix& features, Matrix* gradient)> acquisition = {};
  /// Good known points, best first; searched around.
  std::vector<Point> incumbents = {};
  /// Lengthscale of the surrogate for every coordinate, in units of its range.
  Vector lengthscales = {};
  /// Candidates whose values are known, as many as there are; null: they are still to be drawn.
  const std::vector<Point>* candidates = nullptr;
  Vector candidate_values = {};
  /// With known candidates: points drawn around the incumbents, and evaluations of each short
  /// search.
  std::size_t drawn = 46;
  int evaluations = 10;
  /// Points that may not be the answer.
  std::function<bool(const Point&)> is_taken = {};
  std::uint64_t seed = 0;
  std::uint64_t number = 0;
};

/// Points that are not taken and keep the constraints, best first; empty when none was found.
/// Global candidates (Sobol, and clouds around the incumbents that change few coordinates), then,
/// from the best and from a Boltzmann sample of them, L-BFGS over all continuous coordinates at
/// once (all starts in one batch) by turns with the best change of a single discrete one. Finite
/// spaces of up to 5000 configurations are scored in full. With known candidates a short search
/// from the best few of them alone.
std::vector<Point> maximise_acquisition(const FeatureEncoding& encoding,
                                        const AcquisitionTask& task);

/// Whether all configurations of a space are candidates.
bool is_enumerated(const Space& space);

/// The global candidates for a task, or every configuration of a small finite space.
std::vector<Point> acquisition_candidates(const FeatureEncoding& encoding,
                                          const AcquisitionTask& task);

}  // namespace tunesmith
