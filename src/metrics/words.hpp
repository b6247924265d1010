#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tunesmith {

/// A letter, a digit or an underscore of ASCII.
bool is_word_byte(char c);

/// The different words of at least two letters in `text`, in lower case; at most eight.
std::vector<std::string> words_of(std::string_view text);

/// ASCII letters in lower case.
inline char lower_case(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace tunesmith
