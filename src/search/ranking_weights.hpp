#pragma once

#include <vector>

#include "core/random.hpp"
#include "surrogate/eigen.hpp"

namespace tunesmith {

/// What a model says of some observations, each for itself.
struct Belief {
  Vector mean = {};
  Vector deviation = {};
};

/// A weight per belief, in all 1: the probability that it orders the observations best, over draws
/// from the beliefs (Feurer, Letham & Bakshy, "Scalable meta-learning for Bayesian optimization
/// using ranking-weighted Gaussian process ensembles", AutoML workshop 2018). The first belief is
/// the one to beat: another whose median loss is above the 95th percentile of the first's gets
/// nothing, nor one that orders them little better than chance would: several such, each with a
/// share by luck, would drown the first while that is young. Equal weights below three
/// observations. O(draws · beliefs · observations²).
Vector ranking_weights(const Vector& observed, const std::vector<Belief>& beliefs,
                       RandomStream& random);

}  // namespace tunesmith
