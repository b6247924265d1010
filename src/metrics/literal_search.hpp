#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace tunesmith {

/// Whether a fixed text occurs in others. Faster than memmem on short lines, which sets up its
/// table in every call (Horspool, "Practical fast searching in strings", 1980).
class LiteralSearch {
 public:
  /// Empty: occurs everywhere. With `any_case` the literal is in lower case and found in any.
  explicit LiteralSearch(std::string literal, bool any_case = false);

  bool occurs_in(std::string_view text) const;
  const std::string& literal() const { return literal_; }

 private:
  bool equals(const char* text) const;

  std::string literal_;
  bool any_case_;
  // By the byte under the literal's last one, how far to move on; 0: it may end here.
  std::array<unsigned char, 256> shift_{};
  unsigned char shift_after_last_ = 1;
};

}  // namespace tunesmith
