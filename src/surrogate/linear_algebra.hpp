#pragma once

#include "surrogate/eigen.hpp"
#include "surrogate/numerics.hpp"

namespace tunesmith {

inline ConstBlock block_of(const Matrix& m) { return {m.data(), m.rows(), m.cols(), m.rows()}; }
inline ConstBlock block_of(const Vector& v) { return {v.data(), v.size(), 1, v.size()}; }
inline Block writable(Matrix& m) { return {m.data(), m.rows(), m.cols(), m.rows()}; }
inline Block writable(Vector& v) { return {v.data(), v.size(), 1, v.size()}; }

/// Lower Cholesky factor of the symmetric matrix whose lower triangle is given, in place (the
/// strict upper triangle is left as it was). False when the matrix is not positive definite; the
/// contents are then unspecified.
bool cholesky_in_place(Matrix& lower);

/// Factor of `lower` + jitter·I with the smallest jitter of 0, 1e-10·scale, 1e-9·scale, … that
/// succeeds; returns it. Writes over the strict upper triangle, too.
double cholesky_with_jitter(Matrix& lower, double scale);

/// L⁻¹ in place of the factor's lower triangle, ⅓n³ flops.
void invert_triangle(Matrix& factor);

/// L⁻¹ and L⁻ᵀ applied to `right`, in place.
void solve_lower(const Matrix& factor, Matrix& right);
void solve_lower_transposed(const Matrix& factor, Matrix& right);

}  // namespace tunesmith
