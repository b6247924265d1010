#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tunesmith {

/// Shortest text that reads back as the same double ("0.1", "1e-05", "nan", "inf"); independent of
/// the locale.
std::string number_text(double value);

/// As above, but always recognisable as a real number: "1.0" rather than "1".
std::string real_text(double value);

/// The whole of `text` as a double, or nothing. Takes what `number_text` writes, any case of nan,
/// inf and infinity, and a leading '+'. Out of range: ±infinity for overflow, the nearest subnormal
/// or zero for underflow.
std::optional<double> parse_number(std::string_view text);

/// The whole of `text` as a decimal integer, or nothing (also when it does not fit).
std::optional<std::int64_t> parse_integer(std::string_view text);

}  // namespace tunesmith
