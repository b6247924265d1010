#include "metrics/number_span.hpp"

#include <algorithm>
#include <cmath>

#include "core/numbers.hpp"
#include "metrics/words.hpp"

namespace tunesmith {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool sign(char c) { return c == '-' || c == '+'; }
bool space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// A text with a character for every position: NUL beyond its ends.
class Text {
 public:
  explicit Text(std::string_view text) : text_(text) {}
  char operator[](std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }
  char before(std::size_t at, std::size_t distance = 1) const {
    return at >= distance ? text_[at - distance] : '\0';
  }

 private:
  std::string_view text_;
};

std::size_t skip_digits(const Text& text, std::size_t at) {
  while (digit(text[at])) ++at;
  return at;
}

/// End of an exponent that begins at `at` with one of `letters`, or `at` where there is none.
std::size_t skip_exponent(const Text& text, std::size_t at, char letter_of_exponent) {
  if (lower_case(text[at]) != letter_of_exponent) return at;
  const std::size_t digits = sign(text[at + 1]) ? at + 2 : at + 1;
  return digit(text[digits]) ? skip_digits(text, digits) : at;
}

bool spells(const Text& text, std::size_t at, std::string_view word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower_case(text[at + i]) != word[i]) return false;
  }
  return true;
}

bool ends_word(char c) { return !letter(c) && !digit(c) && c != '_'; }

/// End of the longest number that begins at `begin`, or `begin` where none does.
std::size_t number_end(const Text& text, std::size_t begin) {
  std::size_t at = sign(text[begin]) ? begin + 1 : begin;
  for (const std::string_view word : {"infinity", "inf", "nan"}) {
    if (spells(text, at, word) && ends_word(text[at + word.size()])) return at + word.size();
  }
  const std::size_t whole = skip_digits(text, at);
  if (text[whole] == '.') {
    const std::size_t fraction = skip_digits(text, whole + 1);
    if (whole == at && fraction == whole + 1) return begin;
    // "12." ends a sentence, "12.e3" goes on.
    const std::size_t exponent = skip_exponent(text, fraction, 'e');
    return fraction == whole + 1 && exponent == fraction ? whole : exponent;
  }
  return whole == at ? begin : skip_exponent(text, whole, 'e');
}

/// Where the number begins that [begin, end) is the tail of.
std::size_t number_begin(const Text& text, std::size_t begin) {
  if (!digit(text[begin]) && text[begin] != '.') return begin;
  // A sign or a leading point belongs to the number unless it joins it to a word: "epoch-3".
  const auto joins = [&](char c) { return !ends_word(c) || c == ')' || c == ']' || c == '.'; };
  for (;;) {
    const char c = text.before(begin);
    const bool after_exponent_letter =
        digit(text[begin]) && lower_case(text.before(begin, 2)) == 'e' &&
        (digit(text.before(begin, 3)) || text.before(begin, 3) == '.');
    if (digit(c)) {
      --begin;
    } else if (c == '.' && text[begin] != '.' && !letter(text.before(begin, 2)) &&
               text.before(begin, 2) != '.') {
      --begin;
    } else if (lower_case(c) == 'e' && digit(text[begin]) && digit(text.before(begin, 2))) {
      --begin;
    } else if (sign(c) && after_exponent_letter) {
      begin -= 2;
    } else {
      const char further = text.before(begin, 2);
      return sign(c) && !joins(further) && !sign(further) ? begin - 1 : begin;
    }
  }
}

/// Why what follows a number at `end` shows that it was none, or "".
std::string run_on(const Text& text, std::size_t begin, std::size_t end) {
  const char c = text[end];
  const char next = text[end + 1];
  bool integer = true;
  for (std::size_t i = begin; i < end; ++i) integer = integer && (digit(text[i]) || sign(text[i]));
  if (c == '.' && digit(next)) return "which goes on with another decimal point";
  if (c == '_' && digit(next)) return "which goes on with '_' and digits";
  if (integer && c == ',' && digit(next)) {
    return "which may be a decimal comma or a thousands separator (where it separates values, "
           "write the ',' right after the group)";
  }
  const char last = text.before(end);
  if (last == '0' && end - begin <= 2 && lower_case(c) == 'x' && (digit(next) || letter(next))) {
    return "which is the beginning of a hexadecimal number";
  }
  if (skip_exponent(text, end, 'd') != end) return "which goes on with a Fortran exponent";
  if (c == '.' && next == '#' && letter(text[end + 2])) {
    return "which is the beginning of an old spelling of NaN or infinity";
  }
  return "";
}

bool has_nonzero_digit(std::string_view number) {
  return number.substr(0, number.find_first_of("eE")).find_first_of("123456789") !=
         std::string_view::npos;
}

}  // namespace

NumberSpan number_at(std::string_view line, const Capture& capture) {
  const Text text(line);
  NumberSpan span{.begin = std::min(capture.begin, line.size()),
                  .end = std::min(capture.end, line.size())};
  while (span.begin < span.end && space(line[span.begin])) ++span.begin;
  while (span.end > span.begin && space(line[span.end - 1])) --span.end;
  if (span.begin == span.end) {
    span.fault = "which is no number";
    return span;
  }
  if (sign(text[span.begin]) && sign(text[span.begin + 1]) && span.begin + 1 < span.end) {
    ++span.begin;
  }

  const std::size_t begin = capture.fixed_before ? span.begin : number_begin(text, span.begin);
  std::size_t end = number_end(text, begin);
  if (capture.fixed_after) end = std::min(end, span.end);
  const bool rest_is_stops =
      end < span.end &&
      line.substr(end, span.end - end).find_first_not_of('.') == std::string_view::npos;
  if (end == begin || (end < span.end && !rest_is_stops)) {
    span.fault = "which is no number";
    return span;
  }
  if (!capture.fixed_after) span.fault = run_on(text, begin, end);
  if (capture.cut && end >= line.size()) span.fault = "which the end of an overlong line cuts off";
  if (!span.fault.empty()) return span;

  const std::string_view token = line.substr(begin, end - begin);
  const auto value = parse_number(token);
  if (!value) {
    span.fault = "which is no number";
    return span;
  }
  span.begin = begin;
  span.end = end;
  span.value = *value;
  const bool printed_finite = digit(token.back()) || token.back() == '.';
  span.out_of_range =
      printed_finite && (std::isinf(*value) || (*value == 0 && has_nonzero_digit(token)));
  return span;
}

}  // namespace tunesmith
