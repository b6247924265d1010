#pragma once

#include "core/random.hpp"
#include "surrogate/eigen.hpp"

namespace tunesmith {

/// Deviates for joint draws of the outcomes of `pending` trials, a row for each and a column per
/// fantasy (see GaussianProcess), in antithetic pairs: the fantasies' mean is the posterior's.
/// `count` is even, or 1 for the posterior's mean itself.
Matrix fantasy_normals(Eigen::Index pending, Eigen::Index count, RandomStream& random);

}  // namespace tunesmith
