#pragma once

// Included by numerics_kernels.hpp only: what its parts share.

#include "surrogate/eigen.hpp"
#include "surrogate/numerics.hpp"

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

Block part(Block b, Index row, Index column, Index rows, Index columns) {
  return {b.data + row + column * b.stride, rows, columns, b.stride};
}

Packet all(double x) { return internal::pset1<Packet>(x); }

Packet load(const double* from) { return internal::ploadu<Packet>(from); }
void store(Packet values, double* to) { internal::pstoreu(to, values); }

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

}  // namespace
}  // namespace tunesmith
