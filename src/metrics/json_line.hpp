#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.hpp"
#include "metrics/number_span.hpp"
#include "metrics/output_lines.hpp"

namespace tunesmith {

/// A text that is part of every line with a number at `key`, or "" where none is known.
std::string required_by_json_key(std::string_view key);

/// A line of output read as one JSON object, at most once and only if somebody asks for a key that
/// may be in it. Looser than JSON where programs are: bare NaN and Infinity, numbers of any size,
/// and strings that hold a number are numbers; invalid UTF-8 is replaced.
class JsonLine {
 public:
  explicit JsonLine(const OutputLine& line) : line_(line) {}

  /// The number at `key`; nothing where the line is no object or has no such key. Where it holds
  /// something else, a span with a fault. The span is that of the key's last step, as far as it can
  /// be found, up to the end of the value.
  std::optional<NumberSpan> number(const std::string& key);

 private:
  void parse();
  NumberSpan span_of(std::string_view step, const std::string& value) const;

  const OutputLine& line_;
  bool parsed_ = false;
  Json json_;
  std::string fault_;
};

}  // namespace tunesmith
