#include "cli/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace tunesmith::cli {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};

Character decode(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned lead = byte(at);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t size = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 && lead < 0xF0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return {lead, 1, false};
  std::uint32_t code = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return {lead, 1, false};
    code = (code << 6U) | (byte(at + i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest[size] || code > 0x10FFFF || surrogate) return {lead, 1, false};
  return {code, size, true};
}

struct Interval {
  std::uint32_t first;
  std::uint32_t last;
};

template <std::size_t n>
bool within(std::uint32_t code, const std::array<Interval, n>& intervals) {
  return std::any_of(intervals.begin(), intervals.end(),
                     [&](const Interval& i) { return code >= i.first && code <= i.last; });
}

/// Combining marks, joiners and variation selectors: drawn over the character before.
constexpr std::array<Interval, 6> without_width = {{{0x0300, 0x036F},
                                                    {0x200B, 0x200D},
                                                    {0x1AB0, 0x1AFF},
                                                    {0x20D0, 0x20FF},
                                                    {0xFE00, 0xFE0F},
                                                    {0xFE20, 0xFE2F}}};
/// The larger blocks of East Asian wide characters and emoji (Unicode TR 11).
constexpr std::array<Interval, 11> double_width = {{{0x1100, 0x115F},
                                                    {0x2E80, 0x303E},
                                                    {0x3041, 0xA4CF},
                                                    {0xA960, 0xA97C},
                                                    {0xAC00, 0xD7A3},
                                                    {0xF900, 0xFAFF},
                                                    {0xFE30, 0xFE6F},
                                                    {0xFF00, 0xFF60},
                                                    {0xFFE0, 0xFFE6},
                                                    {0x1F300, 0x1FAFF},
                                                    {0x20000, 0x3FFFD}}};
/// Direction marks and overrides, line and paragraph separators, the byte order mark.
constexpr std::array<Interval, 5> hidden = {
    {{0x200E, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}}};

int width_of(std::uint32_t code) {
  if (within(code, without_width)) return 0;
  return within(code, double_width) ? 2 : 1;
}

std::string formatted(const char* format, auto... values) {
  std::array<char, 64> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), format, values...);
  return std::string(buffer.data(), static_cast<std::size_t>(std::max(0, size)));
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = decode(text, at);
    const bool control = c.code < 0x20 || (c.code >= 0x7F && c.code < 0xA0);
    if (c.valid && !control && !within(c.code, hidden)) {
      out += text.substr(at, c.bytes);
    } else if (c.code == '\n' || c.code == '\t' || c.code == '\r') {
      out += c.code == '\n' ? "\\n" : c.code == '\t' ? "\\t" : "\\r";
    } else {
      out += formatted(c.valid && c.code > 0xFF ? "\\u%04x" : "\\x%02x", c.code);
    }
    at += c.bytes;
  }
  return out;
}

std::string first_line(std::string_view text) { return printable(text.substr(0, text.find('\n'))); }

std::string printable_lines(std::string_view text, std::string_view indent) {
  std::string out = first_line(text);
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at)) {
    text.remove_prefix(at + 1);
    at = 0;
    out += "\n" + std::string(indent) + first_line(text);
  }
  return out;
}

int display_width(std::string_view text) {
  int width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character c = decode(text, at);
    width += width_of(c.code);
    at += c.bytes;
  }
  return width;
}

std::string truncated(std::string_view text, int width) {
  if (width <= 0) return "";
  if (display_width(text) <= width) return std::string(text);
  int used = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const Character c = decode(text, at);
    if (used + width_of(c.code) > width - 1) break;
    used += width_of(c.code);
    at += c.bytes;
  }
  return std::string(text.substr(0, at)) + "…";
}

std::string padded(std::string_view text, int width, bool right_aligned) {
  std::string cell = truncated(text, width);
  const auto gap = static_cast<std::size_t>(std::max(0, width - display_width(cell)));
  return right_aligned ? std::string(gap, ' ') + cell : cell + std::string(gap, ' ');
}

std::string duration_text(Seconds seconds) {
  const auto total = static_cast<long long>(std::clamp(seconds.count(), 0.0, 1e12));
  const long long minutes = total / 60;
  const long long hours = minutes / 60;
  if (hours >= 48) return formatted("%lldd %02lldh", hours / 24, hours % 24);
  if (hours > 0) return formatted("%lld:%02lld:%02lld", hours, minutes % 60, total % 60);
  return formatted("%lld:%02lld", minutes, total % 60);
}

std::string short_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  return formatted("%.6g", value);
}

std::optional<std::vector<std::string>> split_command(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;  // a word has begun, even if it is empty
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (quote == '\'') {
      if (c == '\'') {
        quote = 0;
      } else {
        word += c;
      }
    } else if (quote == '"') {
      if (c == '"') {
        quote = 0;
      } else if (c == '\\' && (next == '"' || next == '\\')) {
        word += next;
        ++i;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      open = true;
    } else if (c == '\\' && i + 1 < text.size()) {
      word += next;
      open = true;
      ++i;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (open) words.push_back(std::move(word));
      word.clear();
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (quote != 0) return std::nullopt;
  if (open) words.push_back(std::move(word));
  return words;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string shell_quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return line;
}

}  // namespace tunesmith::cli
