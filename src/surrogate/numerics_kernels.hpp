#pragma once

// The functions of one instruction set. Each numerics_<set>.cpp includes this with
// TUNESMITH_INSTRUCTION_SET as the set's name and `Eigen` renamed after it, so that no function
// here shares its name with one compiled otherwise. For the same reason nothing of the standard
// library's templates is used. Products and sums are fused only where written so
// (-ffp-contract=off): results do not depend on the optimiser.

#include "surrogate/numerics_likelihood.hpp"
#include "surrogate/numerics_packets.hpp"
#include "surrogate/numerics_posterior.hpp"

#define TUNESMITH_JOINED_(a, b) a##b
#define TUNESMITH_JOINED(a, b) TUNESMITH_JOINED_(a, b)
#define TUNESMITH_TEXT_(a) #a
#define TUNESMITH_TEXT(a) TUNESMITH_TEXT_(a)

namespace tunesmith {
namespace {

// One side of a matrix of correlations: points with their squared norms, rows or columns together.
struct Side {
  Matrix points;
  Vector norms;
};

// Rows apart, filled up with zeros so that whole packets can be read from any row on.
Side left_side(ConstMap points) {
  Side side{Matrix::Zero(points.rows() + width, points.cols()),
            Vector::Zero(points.rows() + width)};
  side.points.topRows(points.rows()) = points;
  side.norms = side.points.rowwise().squaredNorm();
  return side;
}

// Each point's coordinates together. The norms are summed in the same order as on the left.
Side right_side(ConstMap points) {
  Side side{points.transpose(), Vector(points.rows())};
  for (Index i = 0; i < points.rows(); ++i) {
    double sum = 0;
    for (Index k = 0; k < points.cols(); ++k) sum += points(i, k) * points(i, k);
    side.norms[i] = sum;
  }
  return side;
}

void store_first(Packet values, double* to, Index count) {
  if (count >= width) {
    store(values, to);
    return;
  }
  double buffer[width];
  store(values, buffer);
  for (Index i = 0; i < count; ++i) to[i] = buffer[i];
}

// Rows from `first` on of `count` neighbouring columns from `column` on: distances by inner
// products, all in registers.
template <int count>
void correlate(const Side& a, const Side& b, Index first, Index column, double scale, Block value,
               Block slope) {
  const Index stride = a.points.rows();
  const double* right = b.points.data() + column * b.points.rows();
  for (Index i = first; i < value.rows; i += width) {
    Packet sum[count];
    for (int c = 0; c < count; ++c) sum[c] = all(0);
    for (Index k = 0; k < a.points.cols(); ++k) {
      const Packet x = load(a.points.data() + i + k * stride);
      for (int c = 0; c < count; ++c)
        sum[c] = internal::pmadd(x, all(right[k + c * b.points.rows()]), sum[c]);
    }
    const Packet norm = load(a.norms.data() + i);
    for (int c = 0; c < count; ++c) {
      const Packet squared = internal::psub(internal::padd(norm, all(b.norms[column + c])),
                                            internal::padd(sum[c], sum[c]));
      const Matern m = matern(internal::pmax(squared, all(0)), scale);
      store_first(m.value, value.data + i + (column + c) * value.stride, value.rows - i);
      if (slope.data != nullptr)
        store_first(m.slope, slope.data + i + (column + c) * slope.stride, value.rows - i);
    }
  }
}

constexpr int columns_at_once = 4;

void correlations(ConstBlock a, ConstBlock b, double scale, Block value, Block slope) {
  const Side left = left_side(map(a));
  const Side right = right_side(map(b));
  Index j = 0;
  for (; j + columns_at_once <= b.rows; j += columns_at_once)
    correlate<columns_at_once>(left, right, 0, j, scale, value, slope);
  for (; j < b.rows; ++j) correlate<1>(left, right, 0, j, scale, value, slope);
}

void self_correlations(ConstBlock rows, double scale, Block value, Block slope) {
  const Side left = left_side(map(rows));
  const Side right = right_side(map(rows));
  Index j = 0;
  for (; j + columns_at_once <= rows.rows; j += columns_at_once)
    correlate<columns_at_once>(left, right, j, j, scale, value, slope);
  for (; j < rows.rows; ++j) correlate<1>(left, right, j, j, scale, value, slope);
  for (Index i = 0; i < rows.rows; ++i) {
    value.data[i + i * value.stride] = scale;
    if (slope.data != nullptr) slope.data[i + i * slope.stride] = -5.0 / 6.0 * scale;
  }
}

bool cholesky(Block lower) {
  Eigen::Ref<Matrix, 0, Eigen::OuterStride<>> matrix = map(lower);
  Eigen::LLT<Eigen::Ref<Matrix, 0, Eigen::OuterStride<>>> factor(matrix);
  return factor.info() == Eigen::Success && matrix.diagonal().allFinite();
}

void solve_lower(ConstBlock factor, Block right) {
  Map x = map(right);
  map(factor).triangularView<Eigen::Lower>().solveInPlace(x);
}

void solve_lower_transposed(ConstBlock factor, Block right) {
  Map x = map(right);
  map(factor).transpose().triangularView<Eigen::Upper>().solveInPlace(x);
}

constexpr Index base_size = 24;

// By halves: the off-diagonal block becomes −C⁻¹ B A⁻¹.
void invert_triangle(Block lower) {
  const Index n = lower.rows;
  if (n <= base_size) {
    Matrix inverse = Matrix::Identity(n, n);
    map(lower).triangularView<Eigen::Lower>().solveInPlace(inverse);
    map(lower).triangularView<Eigen::Lower>() = inverse;
    return;
  }
  const Index half = n / 2;
  const Index rest = n - half;
  const Block top = part(lower, 0, 0, half, half);
  const Block bottom = part(lower, half, half, rest, rest);
  invert_triangle(top);
  invert_triangle(bottom);
  Map corner = map(part(lower, half, 0, rest, half));
  Matrix product(rest, half);
  product.noalias() = corner * map(top).triangularView<Eigen::Lower>();
  corner.noalias() = -(map(bottom).triangularView<Eigen::Lower>() * product);
}

}  // namespace

extern const Numerics TUNESMITH_JOINED(numerics_, TUNESMITH_INSTRUCTION_SET);
const Numerics TUNESMITH_JOINED(numerics_, TUNESMITH_INSTRUCTION_SET){
    TUNESMITH_TEXT(TUNESMITH_INSTRUCTION_SET),
    correlations,
    self_correlations,
    cholesky,
    solve_lower,
    solve_lower_transposed,
    invert_triangle,
    likelihood_work,
    likelihood,
    packed_size,
    pack,
    padded,
    predict,
    pull_back};

}  // namespace tunesmith
