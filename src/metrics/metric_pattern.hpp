#pragma once

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/literal_search.hpp"
#include "metrics/number_span.hpp"
#include "metrics/output_lines.hpp"
#include "metrics/pattern_outline.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {

/// Why `pattern` cannot be used, with an empty path; nothing where it can.
std::optional<Mistake> check_pattern(std::string_view pattern);

/// A number that a pattern found, or the text that it found instead.
struct PatternMatch {
  NumberSpan number;
  /// What stands in place of group 1.
  std::string captured = {};
  /// The pattern as written would have read another number, or none.
  bool corrected = false;
};

/// A pattern with one number in group 1, searched in single lines.
///
/// What is searched is not the pattern as written: in place of group 1 it also admits nan, inf and
/// numbers with an exponent, and a sign before what the group admits. With the pattern alone a
/// trial that diverges ("loss: nan") would simply stop reporting, and its last good value would
/// stand.
class MetricPattern {
 public:
  static constexpr std::size_t max_matches = 1000;

  /// Precondition: check_pattern finds nothing.
  explicit MetricPattern(std::string_view pattern);

  /// Appends the matches in `line`, left to right; false: there were more than max_matches.
  bool find(const OutputLine& line, std::vector<PatternMatch>& matches) const;

  /// Where nothing matches: the word that stands in place of group 1 while the rest fits, or "".
  std::string refused_word(const OutputLine& line) const;

  /// A quick look: whether a match in `text`, of one or several lines, is possible at all.
  bool may_match(std::string_view text) const { return required_.occurs_in(text); }

  const std::vector<std::string>& words() const { return outline_.words; }
  int groups() const { return outline_.groups; }

 private:
  bool alone_reads(std::string_view text, std::size_t begin, double value) const;

  PatternOutline outline_;
  LiteralSearch required_;
  std::unique_ptr<RE2> search_;
  std::unique_ptr<RE2> alone_;  // the pattern as written
  std::unique_ptr<RE2> near_;   // any word in place of group 1
};

}  // namespace tunesmith
