#pragma once

#include <optional>
#include <string>

#include "core/json.hpp"
#include "tunesmith/configuration.hpp"

namespace tunesmith {

/// Whether two values mean the same: numbers by size (1 and 1.0 agree), everything else by type and
/// content.
bool same_value(const Value& a, const Value& b);

/// The value of a JSON number, boolean or string; nothing for null, arrays and objects.
std::optional<Value> value_from_json(const Json& json);

Json json_from_value(const Value& value);

}  // namespace tunesmith
