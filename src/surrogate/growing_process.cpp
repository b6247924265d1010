#include "surrogate/growing_process.hpp"

#include <cmath>
#include <utility>

#include "surrogate/linear_algebra.hpp"

namespace tunesmith {
namespace {

/// Rows at a time that room is made for: a multiple of every instruction set's alignment.
constexpr Eigen::Index room = 64;

}  // namespace

GrowingProcess::GrowingProcess(const GaussianProcess& process, const Matrix& places,
                               Eigen::Index fantasies)
    : base_(process),
      rows_(process.coordinates_.cols()),
      coordinates_(std::move(base_.coordinates_)),
      inverse_(std::move(base_.inverse_)),
      alpha_(base_.alpha_.replicate(1, fantasies)),
      fitted_means_(base_.fitted_means_.replicate(1, fantasies)),
      noise_(std::move(base_.diagonal_)) {
  Prediction prediction = process.predict(places);
  places_ = std::move(prediction.points);
  solved_ = prediction.solved.topRows(places.rows());
  means_ = prediction.mean.replicate(1, fantasies);
  explained_ = process.signal_ - prediction.deviation.array().square();
  reserve(rows_ + 1);
}

void GrowingProcess::reserve(Eigen::Index rows) {
  if (rows <= alpha_.rows() && alpha_.rows() % room == 0) return;
  const Eigen::Index most = (rows + room - 1) / room * room;
  coordinates_.conservativeResize(Eigen::NoChange, most);
  solved_.conservativeResize(Eigen::NoChange, most);
  inverse_.conservativeResize(most, most);
  alpha_.conservativeResize(most, Eigen::NoChange);
  fitted_means_.conservativeResize(most, Eigen::NoChange);
  noise_.conservativeResize(most);
}

void GrowingProcess::append(const Matrix& row, const Vector& normals) {
  reserve(rows_ + 1);
  const Eigen::Index n = rows_;
  const Matrix scaled = scale_columns(row, base_.shape_, base_.log_weights_);
  const Matrix known = coordinates_.leftCols(n).transpose();
  Matrix correlation;
  Matrix slope;
  correlations(known, scaled, base_.signal_, correlation, slope);
  const auto inverse = inverse_.topLeftCorner(n, n).triangularView<Eigen::Lower>();
  // With k the covariances to the rows so far: the factor's next row is (v, l), v = L⁻¹k, and its
  // inverse's (−vᵀL⁻¹, 1)/l.
  const Vector solved = inverse * correlation.col(0);
  const Vector back = inverse.transpose() * solved;
  const double variance = std::max(base_.signal_ - solved.squaredNorm(), 1e-12 * base_.signal_);
  const double pivot = std::sqrt(variance + base_.noise_);

  const Vector drawn = alpha_.topRows(n).transpose() * correlation.col(0);
  fitted_means_.row(n) =
      (drawn.array() + base_.constant_mean_ + variance / pivot * normals.array()).transpose();
  const Matrix change = back * (normals / -pivot).transpose();
  alpha_.topRows(n) += change;
  fitted_means_.topRows(n) -= noise_.head(n).asDiagonal() * change;
  alpha_.row(n) = normals.transpose() / pivot;
  noise_[n] = base_.noise_;
  inverse_.row(n).head(n) = back.transpose() / -pivot;
  inverse_(n, n) = 1 / pivot;
  coordinates_.col(n) = scaled.row(0).transpose();

  correlations(places_, scaled, base_.signal_, correlation, slope);
  solved_.col(n) = (correlation.col(0) - solved_.leftCols(n) * solved) / pivot;
  means_ += solved_.col(n) * normals.transpose();
  explained_ += solved_.col(n).cwiseAbs2();
  ++rows_;
}

Vector GrowingProcess::deviations() const {
  return (base_.signal_ - explained_.array()).max(1e-12 * base_.signal_).sqrt();
}

GaussianProcess GrowingProcess::process(Eigen::Index first, Eigen::Index count) const {
  GaussianProcess out = base_;
  out.coordinates_ = coordinates_.leftCols(rows_);
  out.alpha_ = alpha_.block(0, first, rows_, count);
  out.fitted_means_ = fitted_means_.block(0, first, rows_, count);
  out.inverse_factor_.resize(out.numerics_->packed_size(rows_));
  out.numerics_->pack({inverse_.data(), rows_, rows_, inverse_.rows()}, out.inverse_factor_.data());
  return out;
}

}  // namespace tunesmith
