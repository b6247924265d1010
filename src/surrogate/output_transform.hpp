#pragma once

#include <span>
#include <vector>

#include "surrogate/log_posterior.hpp"

namespace tunesmith {

/// Where outputs would be were they one standard error less and more: a transform carries errors
/// along by what it makes of both. Both are the output itself where no error is known; empty: none
/// is.
struct ErrorBars {
  Vector below = {};
  Vector above = {};

  bool empty() const { return below.size() == 0; }
  /// ((above − below)/2)², at most 1e6: for small errors the transform's slope times the error,
  /// squared; for large ones what it does as far as they reach.
  Vector variances() const;
  ErrorBars at(const std::vector<Eigen::Index>& rows) const;
};

/// Outputs made fit for a Gaussian process.
struct ConditionedOutputs {
  /// Mean 0 and deviation 1, larger is better, one per value given.
  Vector z = {};
  /// False when the finite values do not differ (or there are none): z is then 0 for them, and only
  /// failures stand out.
  bool informative = false;
  ErrorBars errors = {};
};

/// Values to be maximised; whatever is not finite counts as failed. The bad tail beyond the median
/// − 6 deviations of the good half is compressed logarithmically (order is kept), failures are put
/// a quarter of the range below the worst value, and all is standardised. Safe for any magnitude;
/// invariant under positive affine maps up to rounding. `errors`: standard errors of the values;
/// not known where they are not finite and positive; empty: none is known.
ConditionedOutputs condition_outputs(std::span<const double> values,
                                     std::span<const double> errors = {});

/// (x − mean)/deviation; all zeros where the deviation vanishes.
Vector standardised(const Vector& values);

/// Yeo & Johnson, "A new family of power transformations", Biometrika 87, 2000. λ = 1 is the
/// identity; λ > 1 stretches the good (upper) side and compresses the bad one.
double yeo_johnson(double y, double lambda);
double yeo_johnson_inverse(double z, double lambda);

/// Standardised transform of every value.
Vector yeo_johnson(const Vector& y, double lambda);
/// The errors of that transform.
ErrorBars yeo_johnson(const Vector& y, const ErrorBars& errors, double lambda);

/// λ in [−3, 5] that maximises the marginal likelihood of the transformed, standardised outputs
/// with the Jacobian of the transform, at the given hyperparameters: the factored covariance serves
/// every λ of the grid, O(n²) each.
double choose_lambda(const TrainingData& data, const Hyperparameters& hyperparameters);

}  // namespace tunesmith
