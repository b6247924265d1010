#pragma once

#include <vector>

#include "surrogate/eigen.hpp"

namespace tunesmith {

/// Constants of one update with `members` ranked points of `dimension` numbers, as in Hansen, "The
/// CMA evolution strategy: a tutorial" (arXiv:1604.00772, 2016), table 1, with α_cov = 2.
struct CmaEsWeights {
  CmaEsWeights(int members, Eigen::Index dimension);

  /// Best first. Recombination: positive, their sum 1, zero for the worse half. Covariance: the
  /// same, with negative weights for the worse half ("active").
  Vector recombination;
  Vector covariance;
  double mu_eff = 0;
  double c_sigma = 0;
  double d_sigma = 0;
  double c_c = 0;
  double c_1 = 0;
  double c_mu = 0;

  /// Members of equal places share the mean of their weights.
  void share(const std::vector<int>& places);
};

/// E‖N(0, I)‖, to O(1/n³).
double expected_norm(Eigen::Index dimension);

}  // namespace tunesmith
