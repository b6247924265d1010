#pragma once

#include "surrogate/eigen.hpp"

namespace tunesmith {

/// Volume of what `points` (one row each, larger is better) dominate above `reference`; exact.
/// Sweeps for two and three objectives, O(n log n); beyond, the points' exclusive volumes one by
/// one (While, Bradstreet & Barone, "A fast way of calculating exact hypervolumes", IEEE Trans.
/// Evol. Comp. 16, 2012), exponential in the number of objectives at worst.
double hypervolume(const Matrix& points, const Vector& reference);

}  // namespace tunesmith
