#pragma once

// The functions of one instruction set. Each numerics_<set>.cpp includes this with
// TUNESMITH_INSTRUCTION_SET as the set's name and `Eigen` renamed after it, so that no function
// here shares its name with one compiled otherwise. For the same reason nothing of the standard
// library's templates is used. Products and sums are fused only where written so
// (-ffp-contract=off): results do not depend on the optimiser.

#include "surrogate/eigen.hpp"
#include "surrogate/numerics.hpp"

#define TUNESMITH_JOINED_(a, b) a##b
#define TUNESMITH_JOINED(a, b) TUNESMITH_JOINED_(a, b)
#define TUNESMITH_TEXT_(a) #a
#define TUNESMITH_TEXT(a) TUNESMITH_TEXT_(a)

namespace tunesmith {
namespace {

namespace internal = Eigen::internal;
using Index = Eigen::Index;
using Packet = internal::packet_traits<double>::type;
constexpr Index width = internal::packet_traits<double>::size;

using Map = Eigen::Map<Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;
using ConstMap = Eigen::Map<const Matrix, Eigen::Unaligned, Eigen::OuterStride<>>;

Map map(Block b) { return {b.data, b.rows, b.columns, Eigen::OuterStride<>(b.stride)}; }
ConstMap map(ConstBlock b) { return {b.data, b.rows, b.columns, Eigen::OuterStride<>(b.stride)}; }
ConstBlock constant(Block b) { return {b.data, b.rows, b.columns, b.stride}; }

Block part(Block b, Index row, Index column, Index rows, Index columns) {
  return {b.data + row + column * b.stride, rows, columns, b.stride};
}
ConstBlock part(ConstBlock b, Index row, Index column, Index rows, Index columns) {
  return {b.data + row + column * b.stride, rows, columns, b.stride};
}

Packet all(double x) { return internal::pset1<Packet>(x); }

struct Matern {
  Packet value;
  Packet slope;
};

EIGEN_STRONG_INLINE Matern matern(Packet squared, double scale) {
  const Packet one = all(1.0);
  const Packet t = internal::psqrt(internal::pmul(all(5.0), squared));
  const Packet e = internal::pmul(all(scale), internal::pexp(internal::pnegate(t)));
  const Packet inner = internal::pmadd(t, all(1.0 / 3), one);
  return {internal::pmul(internal::pmadd(t, inner, one), e),
          internal::pmul(internal::pmul(all(-5.0 / 6.0), internal::padd(one, t)), e)};
}

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

void store(Packet values, double* to, Index count) {
  if (count >= width) {
    internal::pstoreu(to, values);
    return;
  }
  double buffer[width];
  internal::pstoreu(buffer, values);
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
      const Packet x = internal::ploadu<Packet>(a.points.data() + i + k * stride);
      for (int c = 0; c < count; ++c)
        sum[c] = internal::pmadd(x, all(right[k + c * b.points.rows()]), sum[c]);
    }
    const Packet norm = internal::ploadu<Packet>(a.norms.data() + i);
    for (int c = 0; c < count; ++c) {
      const Packet squared = internal::psub(internal::padd(norm, all(b.norms[column + c])),
                                            internal::padd(sum[c], sum[c]));
      const Matern m = matern(internal::pmax(squared, all(0)), scale);
      store(m.value, value.data + i + (column + c) * value.stride, value.rows - i);
      store(m.slope, slope.data + i + (column + c) * slope.stride, value.rows - i);
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
    slope.data[i + i * slope.stride] = -5.0 / 6.0 * scale;
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

// Inverse of a lower triangle by halves: the off-diagonal block is −C⁻¹ B A⁻¹.
void invert_triangle(ConstBlock factor, Block out) {
  const Index n = factor.rows;
  if (n <= base_size) {
    Map to = map(out);
    to.setIdentity();
    map(factor).triangularView<Eigen::Lower>().solveInPlace(to);
    return;
  }
  const Index half = n / 2;
  const Index rest = n - half;
  const Block top = part(out, 0, 0, half, half);
  const Block bottom = part(out, half, half, rest, rest);
  invert_triangle(part(factor, 0, 0, half, half), top);
  invert_triangle(part(factor, half, half, rest, rest), bottom);
  Matrix product(rest, half);
  product.noalias() =
      map(part(factor, half, 0, rest, half)) * map(top).triangularView<Eigen::Lower>();
  map(part(out, half, 0, rest, half)).noalias() =
      -(map(bottom).triangularView<Eigen::Lower>() * product);
}

// Lower triangle of TᵀT for a lower triangle T = [A 0; B C]: [AᵀA + BᵀB; CᵀB CᵀC].
void square_triangle(ConstBlock triangle, Block out) {
  const Index n = triangle.rows;
  if (n <= base_size) {
    const Matrix clean = map(triangle).triangularView<Eigen::Lower>();
    map(out).triangularView<Eigen::Lower>() = clean.transpose() * clean;
    return;
  }
  const Index half = n / 2;
  const Index rest = n - half;
  const ConstBlock bottom = part(triangle, half, half, rest, rest);
  square_triangle(part(triangle, 0, 0, half, half), part(out, 0, 0, half, half));
  square_triangle(bottom, part(out, half, half, rest, rest));
  const ConstMap corner = map(part(triangle, half, 0, rest, half));
  map(part(out, 0, 0, half, half)).selfadjointView<Eigen::Lower>().rankUpdate(corner.transpose());
  map(part(out, half, 0, rest, half)).noalias() =
      map(bottom).transpose().triangularView<Eigen::Upper>() * corner;
}

void inverse(ConstBlock factor, Block out, Block work) {
  invert_triangle(factor, work);
  square_triangle(constant(work), out);
}

void weigh(ConstBlock alpha, ConstBlock slope, Block inverse, Block diagonal) {
  const Index n = inverse.rows;
  const double* a = alpha.data;
  for (Index j = 0; j < n; ++j) {
    double* m = inverse.data + j * inverse.stride;
    const double* s = slope.data + j * slope.stride;
    diagonal.data[j] = a[j] * a[j] - m[j];
    for (Index i = j; i < n; ++i) m[i] = (a[j] * a[i] - m[i]) * s[i];
  }
}

void multiply(ConstBlock a, bool a_transposed, ConstBlock b, bool b_transposed, Block out) {
  Map to = map(out);
  if (a_transposed && b_transposed)
    to.noalias() = map(a).transpose() * map(b).transpose();
  else if (a_transposed)
    to.noalias() = map(a).transpose() * map(b);
  else if (b_transposed)
    to.noalias() = map(a) * map(b).transpose();
  else
    to.noalias() = map(a) * map(b);
}

void multiply_symmetric(ConstBlock lower, ConstBlock b, Block out) {
  map(out).noalias() = map(lower).selfadjointView<Eigen::Lower>() * map(b);
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
    inverse,
    weigh,
    multiply,
    multiply_symmetric};

}  // namespace tunesmith
