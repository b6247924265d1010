#pragma once

#include "surrogate/gaussian_process.hpp"

namespace tunesmith {

/// The posterior of a GaussianProcess that pending rows join one at a time, by the same fantasies,
/// and what it says of fixed places. What it holds is a pure function of the process, the places
/// and the rows in their order: as much may be kept between suggestions as is still true.
class GrowingProcess {
 public:
  /// `places`: a row of features each. O(rows²) per place.
  GrowingProcess(const GaussianProcess& process, const Matrix& places, Eigen::Index fantasies);

  /// A row whose output is not known yet; a deviate for each fantasy. O(rows² + rows · places).
  void append(const Matrix& row, const Vector& normals);

  Eigen::Index fantasies() const { return alpha_.cols(); }
  /// Of the places: a row each.
  const Matrix& means() const { return means_; }
  Vector deviations() const;
  /// Of `count` of the fantasies from `first` on, at the rows of the data, then at the pending
  /// ones.
  Matrix fitted_means(Eigen::Index first, Eigen::Index count) const {
    return fitted_means_.block(0, first, rows_, count);
  }

  /// The posterior of `count` of the fantasies from `first` on.
  GaussianProcess process(Eigen::Index first, Eigen::Index count) const;

 private:
  void reserve(Eigen::Index rows);

  GaussianProcess base_;
  Eigen::Index rows_;
  /// Of what grows only the first `rows_` rows (of the first three and `solved_`: columns) count.
  /// Columns begin at aligned addresses whatever room there is for more, so that sums keep their
  /// order.
  Matrix coordinates_;
  Matrix inverse_;
  /// L⁻¹k of the places, a row each.
  Matrix solved_;
  Matrix alpha_;
  Matrix fitted_means_;
  Vector noise_;
  /// Scaled.
  Matrix places_;
  Matrix means_;
  Vector explained_;
};

}  // namespace tunesmith
