#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tunesmith {

/// What is known about a capture group when its number is read.
struct Capture {
  std::size_t begin = 0;
  std::size_t end = 0;
  /// The pattern spells out the character right before or after the group: the number is taken at
  /// the pattern's word on that side.
  bool fixed_before = false;
  bool fixed_after = false;
  /// The text is the head of a longer line.
  bool cut = false;
};

/// The number that stands where a pattern captured something.
struct NumberSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
  double value = 0;
  /// Printed as finite, but no double holds it.
  bool out_of_range = false;
  /// Empty: a number. Else why not, as in "captured "1,5", <fault>".
  std::string fault = {};
};

/// Finds the whole number that [begin, end) of `text` is a part of, by the rules of
/// MetricExtractor.
NumberSpan number_at(std::string_view text, const Capture& capture);

}  // namespace tunesmith
