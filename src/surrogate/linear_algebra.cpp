#include "surrogate/linear_algebra.hpp"

namespace tunesmith {
namespace {

constexpr Eigen::Index base_size = 24;

using Block = Eigen::Ref<Matrix, 0, Eigen::OuterStride<>>;
using ConstBlock = Eigen::Ref<const Matrix, 0, Eigen::OuterStride<>>;

// Inverse of a lower triangle by halves: the off-diagonal block is −C⁻¹ B A⁻¹.
void invert_triangle(const ConstBlock& factor, Block out) {
  const Eigen::Index n = factor.rows();
  if (n <= base_size) {
    out.setIdentity();
    factor.triangularView<Eigen::Lower>().solveInPlace(out);
    return;
  }
  const Eigen::Index half = n / 2;
  const Eigen::Index rest = n - half;
  invert_triangle(factor.topLeftCorner(half, half), out.topLeftCorner(half, half));
  invert_triangle(factor.bottomRightCorner(rest, rest), out.bottomRightCorner(rest, rest));
  auto corner = out.bottomLeftCorner(rest, half);
  Matrix product(rest, half);
  product.noalias() = factor.bottomLeftCorner(rest, half) *
                      out.topLeftCorner(half, half).triangularView<Eigen::Lower>();
  corner.noalias() = -(out.bottomRightCorner(rest, rest).triangularView<Eigen::Lower>() * product);
}

// Lower triangle of TᵀT for a lower triangle T = [A 0; B C]: [AᵀA + BᵀB; CᵀB CᵀC].
void square_triangle(const ConstBlock& triangle, Block out) {
  const Eigen::Index n = triangle.rows();
  if (n <= base_size) {
    const Matrix clean = triangle.triangularView<Eigen::Lower>();
    out.triangularView<Eigen::Lower>() = clean.transpose() * clean;
    return;
  }
  const Eigen::Index half = n / 2;
  const Eigen::Index rest = n - half;
  square_triangle(triangle.topLeftCorner(half, half), out.topLeftCorner(half, half));
  square_triangle(triangle.bottomRightCorner(rest, rest), out.bottomRightCorner(rest, rest));
  const auto corner = triangle.bottomLeftCorner(rest, half);
  auto top = out.topLeftCorner(half, half);
  top.selfadjointView<Eigen::Lower>().rankUpdate(corner.transpose());
  out.bottomLeftCorner(rest, half).noalias() =
      triangle.bottomRightCorner(rest, rest).triangularView<Eigen::Lower>().transpose() * corner;
}

}  // namespace

bool cholesky_in_place(Matrix& lower) {
  Eigen::LLT<Eigen::Ref<Matrix>> factor(lower);
  return factor.info() == Eigen::Success && lower.diagonal().allFinite();
}

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
  invert_triangle(factor, work);
  square_triangle(work, inverse);
}

}  // namespace tunesmith
