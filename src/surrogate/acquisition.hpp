#pragma once

#include "surrogate/eigen.hpp"

namespace tunesmith {

/// ln h(u) for h(u) = φ(u) + u·Φ(u), with φ/h and Φ/h; accurate for every u (Ament et al.,
/// "Unexpected improvements to expected improvement", NeurIPS 2023).
struct LogH {
  double value = 0;
  double density_ratio = 0;
  double distribution_ratio = 0;
};
LogH log_h(double u);

/// ln Φ(u) and φ/Φ, accurate in the left tail.
struct LogPhi {
  double value = 0;
  double density_ratio = 0;
};
LogPhi log_normal_distribution(double u);

/// Values of an acquisition at a batch of points and its derivatives by the posterior's mean and
/// deviation there.
struct AcquisitionValues {
  Vector value = {};
  Matrix by_mean = {};
  Vector by_deviation = {};
};

/// Logarithm of the expected improvement over `incumbents` (one per fantasy, larger is better),
/// averaged over the fantasies in closed form: logmeanexp_j [ln s + ln h((m_j − f*_j)/s)]. `mean`
/// has a row per point and a column per fantasy.
AcquisitionValues log_expected_improvement(const Matrix& mean, const Vector& deviation,
                                           const Vector& incumbents);

/// ln P(f ≥ threshold) averaged over fantasies.
AcquisitionValues log_probability_above(const Matrix& mean, const Vector& deviation,
                                        double threshold);

}  // namespace tunesmith
