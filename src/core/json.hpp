#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/error.hpp"

namespace tunesmith {

/// Keeps the order of keys as written, so that files read and written back look the same.
using Json = nlohmann::ordered_json;

/// Caps for texts from outside; generous for people, small for machines.
inline constexpr std::size_t max_json_bytes = std::size_t{16} * 1024 * 1024;
inline constexpr int max_json_depth = 64;

/// Parses a text from outside: size and depth are capped; duplicate keys, numbers that no double or
/// 64-bit integer holds, and invalid UTF-8 are mistakes rather than silent changes. Appends to
/// `mistakes` and returns a discarded value where the text is not usable (`is_discarded()`). Syntax
/// mistakes name line and column.
Json parse_json(std::string_view text, std::vector<Mistake>& mistakes);

/// As above; throws Error{code} with every mistake.
Json parse_json_or_throw(std::string_view text, ErrorCode code);

/// Compact text; invalid UTF-8 is replaced, never thrown over. Precondition: no NaN or infinity
/// inside.
std::string json_text(const Json& json);
/// Indented by two, for people.
std::string json_pretty(const Json& json);

/// Whether the text is valid UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing beyond
/// U+10FFFF).
bool is_utf8(std::string_view text);

/// A key as one step of a JSON pointer: "a/b~c" -> "/a~1b~0c".
std::string pointer_step(std::string_view key);
std::string pointer_step(std::size_t index);

}  // namespace tunesmith
