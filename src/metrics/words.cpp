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
      word += text[i];
      continue;
    }
    std::string lower = lower_case(word);
    word.clear();
    if (lower.size() < 2 || words.size() == most) continue;
    if (std::find(words.begin(), words.end(), lower) == words.end()) words.push_back(lower);
  }
  return words;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

}  // namespace tunesmith
