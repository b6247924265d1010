#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/error.hpp"

namespace tunesmith {

/// Capture group 1 of a pattern.
struct GroupOutline {
  std::size_t open = 0;           // position of "("
  std::size_t content_begin = 0;  // after "(" or "(?P<name>"
  std::size_t close = 0;          // position of ")"
  bool fixed_before = false;      // right before the group the pattern spells out a character
  bool fixed_after = false;
  // What a '*' or '+' right before the group repeats, without groups; the quantifier follows.
  std::size_t repeated_begin = 0;
  std::size_t repeated_end = 0;
};

/// What a look over a pattern's text tells, without understanding all of it: RE2 decides what is
/// valid.
struct PatternOutline {
  /// For RE2 in Latin-1 mode: characters of several bytes are grouped, `\Z` and `\z` are `$`.
  /// Positions of `group` refer to it.
  std::string text = {};
  std::optional<GroupOutline> group = {};
  /// Number of capture groups.
  int groups = 0;
  /// A text that is part of every match; empty: none is known.
  std::string required = {};
  /// Words (lower case) that a matching line probably has.
  std::vector<std::string> words = {};
  /// A construct that RE2 does not know and how to do without, or that a byte-wise search would
  /// misread. `path` is empty.
  std::optional<Mistake> unsupported = {};
};

PatternOutline outline(std::string_view pattern);

}  // namespace tunesmith
