#pragma once

#include <span>

#include "surrogate/kernel.hpp"

namespace tunesmith {

/// Outputs made fit for a Gaussian process.
struct ConditionedOutputs {
  /// Mean 0 and deviation 1, larger is better, one per value given.
  Vector z = {};
  /// False when the finite values do not differ (or there are none): z is then 0 for them, and only
  /// failures stand out.
  bool informative = false;
};

/// Values to be maximised; whatever is not finite counts as failed. The bad tail beyond the median
/// − 6 deviations of the good half is compressed logarithmically (order is kept), failures are put
/// a quarter of the range below the worst value, and all is standardised. Safe for any magnitude;
/// invariant under positive affine maps up to rounding.
ConditionedOutputs condition_outputs(std::span<const double> values);

/// (x − mean)/deviation; all zeros where the deviation vanishes.
Vector standardised(const Vector& values);

/// Yeo & Johnson, "A new family of power transformations", Biometrika 87, 2000. λ = 1 is the
/// identity; λ > 1 stretches the good (upper) side and compresses the bad one.
double yeo_johnson(double y, double lambda);
double yeo_johnson_inverse(double z, double lambda);

/// Standardised transform of every value.
Vector yeo_johnson(const Vector& y, double lambda);

/// λ in [−3, 5] that maximises the marginal likelihood of the transformed, standardised outputs
/// with the Jacobian of the transform, at the given hyperparameters: the factored covariance serves
/// every λ of the grid, O(n²) each.
double choose_lambda(const KernelShape& shape, const Matrix& x, const Vector& y,
                     const Hyperparameters& hyperparameters);

}  // namespace tunesmith
