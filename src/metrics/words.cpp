#include "metrics/words.hpp"

#include <algorithm>

namespace tunesmith {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool is_word_byte(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::size_t most = 8;
  std::vector<std::string> words;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && is_letter(text[i])) {
      word += lower_case(text[i]);
      continue;
    }
    const bool known = std::find(words.begin(), words.end(), word) != words.end();
    if (word.size() >= 2 && words.size() < most && !known) words.push_back(word);
    word.clear();
  }
  return words;
}

}  // namespace tunesmith
