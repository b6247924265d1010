#include "surrogate/linear_algebra.hpp"

namespace tunesmith {

bool cholesky_in_place(Matrix& lower) { return numerics().cholesky(writable(lower)); }

double cholesky_with_jitter(Matrix& lower, double scale) {
  const Matrix original = lower;
  double jitter = 0;
  // A jitter above n·scale makes any kernel matrix diagonally dominant, so the loop ends by
  // success.
  while (!cholesky_in_place(lower)) {
    jitter = jitter == 0 ? 1e-10 * scale : 10 * jitter;
    lower = original;
    lower.diagonal().array() += jitter;
    if (jitter > 1e20 * scale) {
      lower = Matrix::Identity(lower.rows(), lower.cols());
      break;
    }
  }
  return jitter;
}

void inverse_from_cholesky(const Matrix& factor, Matrix& inverse, Matrix& work) {
  const Eigen::Index n = factor.rows();
  work.resize(n, n);
  inverse.resize(n, n);
  numerics().inverse(block_of(factor), writable(inverse), writable(work));
}

void solve_lower(const Matrix& factor, Matrix& right) {
  numerics().solve_lower(block_of(factor), writable(right));
}

void solve_lower_transposed(const Matrix& factor, Matrix& right) {
  numerics().solve_lower_transposed(block_of(factor), writable(right));
}

}  // namespace tunesmith
