#pragma once

#include <vector>

#include "search/cma_es_axes.hpp"
#include "search/cma_es_weights.hpp"

namespace tunesmith {

class RandomStream;

/// The normal distribution N(m, σ² A C A) of CMA-ES and its update (Hansen, arXiv:1604.00772), with
/// the margin of Hamano et al., "CMA-ES with margin: lower-bounding marginal probability for
/// mixed-integer black-box optimization" (GECCO 2022): A is diagonal, and keeps it likely enough
/// that a number with few values leaves its cell. Without numbers it is empty, and updates do
/// nothing.
class CmaEsGaussian {
 public:
  struct Member {
    Vector x = {};
    /// Not drawn from this distribution: its distance is clipped (Hansen, "Injecting external
    /// solutions into CMA-ES", arXiv:1110.4181, 2011).
    bool foreign = false;
  };

  /// N(mean, covariance), which is split into σ and C with det C = 1. `axes` must outlive it.
  CmaEsGaussian(const CmaEsAxes& axes, Vector mean, const Matrix& covariance);

  const Vector& mean() const { return mean_; }
  double sigma() const { return sigma_; }
  const Matrix& covariance() const { return covariance_; }
  const Vector& scales() const { return scales_; }

  Vector sample(RandomStream& stream) const;
  /// One generation, the best first; `weights` belong to as many members and to this dimension.
  void update(const std::vector<Member>& ranked, const CmaEsWeights& weights);
  /// Makes every number with cells leave its cell with probability ≥ `alpha` (to both sides ½
  /// alpha).
  void keep_margin(double alpha);

  /// Standard deviation of number `i`.
  double deviation(Eigen::Index i) const;
  /// It has shrunk to nothing in every number without cells, of which there is one at least, or
  /// degenerated.
  bool is_exhausted() const;

 private:
  void decompose();
  Vector whitened(const Vector& y) const;

  const CmaEsAxes* axes_;
  Vector mean_;
  double sigma_ = 1;
  Matrix covariance_;
  Vector scales_;
  /// C = B diag(d²) Bᵀ.
  Matrix basis_;
  Vector roots_;
  Vector sigma_path_;
  Vector covariance_path_;
  int updates_ = 0;
  int since_decomposition_ = 0;
};

}  // namespace tunesmith
