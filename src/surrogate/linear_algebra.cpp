#include "surrogate/linear_algebra.hpp"

namespace tunesmith {

bool cholesky_in_place(Matrix& lower) { return numerics().cholesky(writable(lower)); }

double cholesky_with_jitter(Matrix& lower, double scale) {
  // The strict upper triangle keeps what the factor replaces.
  const Vector diagonal = lower.diagonal();
  lower.triangularView<Eigen::StrictlyUpper>() = lower.transpose();
  double jitter = 0;
  // A jitter above n·scale makes any kernel matrix diagonally dominant, so the loop ends by
  // success.
  while (!cholesky_in_place(lower)) {
    jitter = jitter == 0 ? 1e-10 * scale : 10 * jitter;
    if (jitter > 1e20 * scale) {
      lower.setIdentity();
      break;
    }
    lower.triangularView<Eigen::StrictlyLower>() = lower.transpose();
    lower.diagonal() = diagonal.array() + jitter;
  }
  return jitter;
}

void invert_triangle(Matrix& factor) { numerics().invert_triangle(writable(factor)); }

void solve_lower(const Matrix& factor, Matrix& right) {
  numerics().solve_lower(block_of(factor), writable(right));
}

void solve_lower_transposed(const Matrix& factor, Matrix& right) {
  numerics().solve_lower_transposed(block_of(factor), writable(right));
}

}  // namespace tunesmith
