#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "surrogate/gaussian_process.hpp"

namespace tunesmith {

/// Values at rows of features, and the gradient where asked for.
using Acquisition = std::function<Vector(const Matrix& features, Matrix* gradient)>;
/// Adds to values at rows of features, and to the gradient where there is one.
using AcquisitionPart =
    std::function<void(const Matrix& features, Vector& value, Matrix* gradient)>;

/// Per fantasy, a column of `means`, the best mean of the rows that may be the best: of those of
/// the data, which come first, the feasible ones; of the pending ones all or none. Whether what is
/// pending will be feasible is not known, so it is to count only where nothing can break.
Vector best_means(const Matrix& means, const std::vector<bool>& feasible, bool pending_counts);

/// Log expected improvement on `incumbents`, one per fantasy of the process.
Acquisition log_improvement(std::shared_ptr<const GaussianProcess> process, Vector incumbents);

/// `others` on top of `gain`, which is left out while no trial was feasible; without `others`
/// where it is null.
Acquisition acquisition_of(const std::vector<bool>& feasible, Acquisition gain,
                           AcquisitionPart others);

}  // namespace tunesmith
