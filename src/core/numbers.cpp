#include "core/numbers.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace tunesmith {

std::string number_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, end.ptr);
}

std::string real_text(double value) {
  std::string text = number_text(value);
  if (text.find_first_not_of("-0123456789") == std::string::npos) text += ".0";
  return text;
}

std::optional<double> parse_number(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // from_chars leaves the value alone; whether it over- or underflowed shows in the decimal
    // exponent.
    const bool negative = text.front() == '-';
    const std::size_t e = text.find_first_of("eE");
    bool tiny = false;
    if (e != std::string_view::npos) {
      tiny = e + 1 < text.size() && text[e + 1] == '-';
    } else {
      tiny = text.find_first_of("123456789") > text.find('.');
    }
    const double size = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    return negative ? -size : size;
  }
  if (error != std::errc{}) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (!text.empty() && text.front() == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '-') return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace tunesmith
