#include "metrics/nearest_lines.hpp"

#include <algorithm>
#include <utility>

#include "metrics/printable.hpp"
#include "metrics/words.hpp"

namespace tunesmith {

NearestLines::NearestLines(std::vector<std::string> words) : words_(std::move(words)) {
  if (words_.empty()) return;
  std::string pattern;
  for (const std::string& word : words_) pattern += (pattern.empty() ? "" : "|") + word;
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  any_word_ = std::make_unique<RE2>("(?i:" + pattern + ")", options);
}

void NearestLines::look(std::uint64_t number, std::string_view text) {
  if (text.find_first_not_of(" \t") == std::string_view::npos) return;
  const std::string_view head = text.substr(0, kept_bytes);
  Line& oldest = last_[next_];
  next_ = (next_ + 1) % kept_lines;
  oldest.number = number;
  oldest.text = head;

  const re2::StringPiece piece(head.data(), head.size());
  if (any_word_ == nullptr || !RE2::PartialMatch(piece, *any_word_)) return;
  const std::string lower = lower_case(head);
  std::size_t score = 0;
  for (const std::string& word : words_) {
    if (lower.find(word) != std::string::npos) score += word.size();
  }
  Line& worst = *std::min_element(best_.begin(), best_.end(), [](const Line& a, const Line& b) {
    return a.score != b.score ? a.score < b.score : a.number > b.number;
  });
  if (score > worst.score) worst = {number, score, std::string(head)};
}

std::string NearestLines::listing() const {
  const bool alike = best_[0].number > 0 || best_[1].number > 0 || best_[2].number > 0;
  auto lines = alike ? best_ : last_;
  std::sort(lines.begin(), lines.end(),
            [](const Line& a, const Line& b) { return a.number < b.number; });
  std::string text;
  for (const Line& line : lines) {
    if (line.number == 0) continue;
    text += "\n  line " + std::to_string(line.number) + ": " + printable(line.text);
  }
  return text;
}

}  // namespace tunesmith
