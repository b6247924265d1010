#pragma once

#include <string>

#include "tunesmith/space.hpp"

namespace tunesmith {

/// Whether the parameter can have exactly this value, type included.
bool belongs(const Parameter& parameter, const Value& value);

/// The value of the parameter that `value` means, as Space::conform describes; `value` itself where
/// there is none.
Value fitted(const Parameter& parameter, const Value& value);

/// The values of a parameter in words: "a float from 0.1 to 1.0", "one of sgd, adam".
std::string describe_values(const Parameter& parameter);

}  // namespace tunesmith
