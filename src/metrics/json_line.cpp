#include "metrics/json_line.hpp"

#include <algorithm>
#include <cmath>

#include "core/json_reader.hpp"
#include "core/numbers.hpp"
#include "metrics/printable.hpp"

namespace tunesmith {
namespace {

bool in_bare_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '+' || c == '.' || c == '_';
}

/// The same text with every bare number and NaN as a string, so that the JSON reader neither
/// refuses nor rounds what it holds, and with '?' for invalid bytes.
std::string quote_numbers(std::string_view text) {
  std::string out;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size();) {
    if (in_string || !in_bare_word(text[at])) {
      const std::size_t length = utf8_length(text, at);
      if (text[at] == '"') {
        in_string = !in_string;
      } else if (in_string && text[at] == '\\') {
        out += text[at++];
        if (at < text.size()) out += text[at++];
        continue;
      }
      out += length == 0 ? std::string_view("?") : text.substr(at, length);
      at += std::max<std::size_t>(1, length);
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && in_bare_word(text[end])) ++end;
    const std::string_view word = text.substr(at, end - at);
    const bool number = parse_number(word).has_value();
    out.append(number ? "\"" : "").append(word).append(number ? "\"" : "");
    at = end;
  }
  return out;
}

const Json* find(const Json& object, const std::string& key) {
  if (!object.is_object()) return nullptr;
  if (const auto it = object.find(key); it != object.end()) return &*it;
  for (std::size_t dot = key.find('.'); dot != std::string::npos; dot = key.find('.', dot + 1)) {
    const auto it = object.find(key.substr(0, dot));
    if (it == object.end()) continue;
    if (const Json* found = find(*it, key.substr(dot + 1))) return found;
  }
  return nullptr;
}

}  // namespace

std::string required_by_json_key(std::string_view key) {
  const std::string_view step = key.substr(key.rfind('.') + 1);
  // Other characters may be written with escapes.
  const bool plain = std::all_of(step.begin(), step.end(), [](char c) { return in_bare_word(c); });
  return plain ? std::string(step) + '"' : "";
}

void JsonLine::parse() {
  if (parsed_) return;
  parsed_ = true;
  std::vector<Mistake> mistakes;
  json_ = parse_json(quote_numbers(line_.text), mistakes);
  if (!mistakes.empty()) {
    fault_ = "in a line that " + mistakes.front().what;
    if (!mistakes.front().path.empty()) fault_ = "where " + to_string(mistakes.front());
    if (line_.cut()) fault_ = "in an overlong line";
  }
}

std::optional<NumberSpan> JsonLine::number(const std::string& key) {
  const std::string_view text = line_.text;
  const std::size_t start = text.find_first_not_of(" \t");
  if (start == std::string_view::npos || text[start] != '{') return std::nullopt;
  // What a block of lines is passed over for is not looked at in a line either.
  if (text.find(required_by_json_key(key)) == std::string_view::npos) return std::nullopt;
  const std::string_view step = std::string_view(key).substr(key.rfind('.') + 1);
  parse();
  if (!fault_.empty()) {
    NumberSpan span = span_of(step, "");
    span.fault = fault_;
    return span;
  }
  const Json* value = find(json_, key);
  if (value == nullptr) return std::nullopt;
  const std::string written = value->is_string() ? value->get<std::string>() : json_text(*value);
  NumberSpan span = span_of(step, written);
  const auto number = value->is_string() ? parse_number(written) : std::nullopt;
  if (!number) {
    span.fault = "which is " + json_kind(*value) + " (" + json_excerpt(*value) + ") and no number";
    return span;
  }
  span.value = *number;
  span.out_of_range =
      (std::isinf(*number) && written.find_first_of("0123456789") != std::string::npos) ||
      (*number == 0 && written.find_first_of("123456789") < written.find_first_of("eE"));
  return span;
}

NumberSpan JsonLine::span_of(std::string_view step, const std::string& value) const {
  NumberSpan span;
  const std::string quoted = std::string(step) + '"';
  const std::size_t begin = line_.text.find(quoted);
  if (begin == std::string_view::npos) return span;
  const std::size_t found = line_.text.find(value, begin + quoted.size());
  span.begin = found == std::string_view::npos || value.empty() ? begin : found;
  span.end = found == std::string_view::npos || value.empty() ? begin + quoted.size()
                                                              : found + value.size();
  return span;
}

}  // namespace tunesmith
