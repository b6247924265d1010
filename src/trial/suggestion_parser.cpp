#include "trial/suggestion_parser.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>

namespace tunesmith {
namespace {

/// Walks over a text. Members that read answer false, and stand anywhere, where something else is
/// found.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }
  bool skip(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }

  bool read(std::string& value) {
    if (!skip("\"")) return false;
    value.clear();
    for (;;) {
      const auto special = std::find_if(text_.begin(), text_.end(), is_special);
      if (special == text_.end()) return false;
      value.append(text_.begin(), special);
      text_.remove_prefix(static_cast<std::size_t>(special - text_.begin()) + 1);
      if (*special == '"') return true;
      if (*special != '\\' || !read_escape(value)) return false;
    }
  }

  /// A number with a point or an exponent.
  bool read(double& value) {
    const std::string_view digits = number();
    return digits.find_first_of(".e") != std::string_view::npos && convert(digits, value) &&
           std::isfinite(value);
  }
  bool read(std::int64_t& value) { return convert(number(), value); }

  bool read(Value& value) {
    if (text_.starts_with('"')) return read(value.emplace<std::string>());
    if (skip("true")) return value = true, true;
    if (skip("false")) return value = false, true;
    const std::string_view ahead = text_.substr(0, number_length());
    return ahead.find_first_of(".e") == std::string_view::npos ? read(value.emplace<std::int64_t>())
                                                               : read(value.emplace<double>());
  }

 private:
  std::size_t number_length() const {
    return std::min(text_.find_first_not_of("+-.0123456789e"), text_.size());
  }
  std::string_view number() {
    const std::string_view digits = text_.substr(0, number_length());
    text_.remove_prefix(digits.size());
    return digits;
  }
  /// Ends a run of characters that stand for themselves; what is not ASCII is left to the general
  /// reader.
  static bool is_special(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ||
           static_cast<unsigned char>(c) >= 0x80;
  }
  /// What std::from_chars takes and JSON does not: 01, .5, 1.
  static bool is_json(std::string_view digits) {
    const auto is_digit = [&](std::size_t i) {
      return i < digits.size() && digits[i] >= '0' && digits[i] <= '9';
    };
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    const std::size_t point = digits.find('.');
    return is_digit(first) && !(digits[first] == '0' && is_digit(first + 1)) &&
           (point == std::string_view::npos || is_digit(point + 1));
  }
  template <class Number>
  static bool convert(std::string_view digits, Number& value) {
    if (!is_json(digits)) return false;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size();
  }
  bool read_escape(std::string& value) {
    static constexpr std::string_view letters = "\"\\nrtbf";
    static constexpr std::string_view meanings = "\"\\\n\r\t\b\f";
    const std::size_t which = text_.empty() ? std::string_view::npos : letters.find(text_[0]);
    if (which == std::string_view::npos) return false;
    value += meanings[which];
    text_.remove_prefix(1);
    return true;
  }

  std::string_view text_;
};

bool read(Cursor& cursor, Configuration& configuration) {
  if (!cursor.skip("{")) return false;
  if (cursor.skip("}")) return true;
  do {
    std::string name;
    Value value;
    if (!cursor.read(name) || !cursor.skip(":") || !cursor.read(value)) return false;
    if (configuration.contains(name)) return false;
    configuration.set(std::move(name), std::move(value));
  } while (cursor.skip(","));
  return cursor.skip("}");
}

bool read(Cursor& cursor, Outlook& outlook) {
  return cursor.skip(R"({"expected_gain":)") && cursor.read(outlook.expected_gain) &&
         cursor.skip(R"(,"regret_bound":)") && cursor.read(outlook.regret_bound) &&
         cursor.skip(R"(,"noise":)") && cursor.read(outlook.noise) && cursor.skip("}");
}

/// A field that may be missing.
template <class T>
bool read_optional(Cursor& cursor, std::string_view key, T& value) {
  return !cursor.skip(key) || cursor.read(value);
}

}  // namespace

bool parse_suggestion(std::string_view payload, SuggestionRecord& record) {
  Cursor cursor(payload);
  if (!cursor.skip(R"({"configuration":)") || !read(cursor, record.configuration)) return false;
  if (!read_optional(cursor, R"(,"until":)", record.until)) return false;
  record.resumable = cursor.skip(R"(,"resumable":true)");
  if (cursor.skip(R"(,"replicate_of":)")) {
    if (!cursor.read(record.replicate_of.emplace()) || *record.replicate_of < 0) return false;
  }
  if (cursor.skip(R"(,"origin":"strategy")")) {
    record.origin = Origin::strategy;
  } else if (cursor.skip(R"(,"origin":"enqueued")")) {
    record.origin = Origin::enqueued;
  } else if (cursor.skip(R"(,"origin":"baseline")")) {
    record.origin = Origin::baseline;
  } else {
    return false;
  }
  if (!read_optional(cursor, R"(,"note":)", record.note) ||
      !read_optional(cursor, R"(,"state":)", record.state)) {
    return false;
  }
  if (cursor.skip(R"(,"outlook":)") && !read(cursor, record.outlook.emplace())) return false;
  return cursor.skip(R"(,"prefix":)") && cursor.read(record.prefix) && record.prefix >= 0 &&
         read_optional(cursor, R"(,"strategy":)", record.strategy) &&
         read_optional(cursor, R"(,"instruction_set":)", record.instruction_set) &&
         cursor.skip("}") && cursor.at_end();
}

}  // namespace tunesmith
