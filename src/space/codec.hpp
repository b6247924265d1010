#pragma once

#include "tunesmith/space.hpp"

namespace tunesmith {

/// The scale itself, or what Space::settled makes of an automatic one; linear for choices.
Scale effective_scale(const Parameter& parameter);

/// One coordinate of Space::encode. Preconditions: the parameter is valid, not fixed, and `value`
/// is one of its values.
double encode_value(const Parameter& parameter, const Value& value);

/// One coordinate of Space::decode; `unit` is clamped to [0, 1]. Preconditions: the parameter is
/// valid and not fixed; `unit` is not NaN.
Value decode_value(const Parameter& parameter, double unit);

}  // namespace tunesmith
