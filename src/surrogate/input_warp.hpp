#pragma once

#include <vector>

#include "surrogate/eigen.hpp"

namespace tunesmith {

/// Bends columns of the unit interval, u ↦ 1 − (1 − u^a)^b, so that a surrogate whose lengthscales
/// are the same everywhere may vary faster at one end: the distribution function of Kumaraswamy
/// (Snoek et al., "Input warping for Bayesian optimization of non-stationary functions", ICML
/// 2014). Both ends stay where they are.
class InputWarp {
 public:
  /// a = step^first, b = step^second; 0 and 0: straight.
  struct Bend {
    int first = 0;
    int second = 0;
    bool operator==(const Bend&) const = default;
  };
  /// From 0.24 to 4.1 in seven steps.
  static constexpr double step = 1.6;
  static constexpr int most = 3;

  /// Straight.
  InputWarp() = default;
  /// One per column.
  explicit InputWarp(std::vector<Bend> bends);

  /// None where all columns are straight.
  const std::vector<Bend>& bends() const { return bends_; }

  /// A row per point. Values outside of the unit interval count as its ends.
  Matrix operator()(const Matrix& points) const;
  /// Derivatives of the entries by what they were.
  Matrix slopes(const Matrix& points) const;

 private:
  std::vector<Bend> bends_;
};

}  // namespace tunesmith
