#include "metrics/nearest_lines.hpp"

#include <algorithm>
#include <utility>

#include "metrics/printable.hpp"

namespace tunesmith {
namespace {

constexpr int max_lookalikes = 10'000;

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t") == std::string_view::npos;
}

}  // namespace

std::string listing(std::vector<KeptLine> lines) {
  std::sort(lines.begin(), lines.end(),
            [](const KeptLine& a, const KeptLine& b) { return a.number < b.number; });
  std::string text;
  for (const KeptLine& line : lines) {
    if (line.number == 0) continue;
    text += "\n  line " + std::to_string(line.number) + ": " + printable(line.text);
  }
  return text;
}

NearestLines::NearestLines(const std::vector<std::string>& words) {
  for (const std::string& word : words) words_.emplace_back(word, true);
}

void NearestLines::look(std::uint64_t number, std::string_view line) {
  if (lookalikes_ >= max_lookalikes) return;
  const std::string_view head = line.substr(0, KeptLine::max_bytes);
  std::size_t score = 0;
  for (const LiteralSearch& word : words_) {
    if (word.occurs_in(head)) score += word.literal().size();
  }
  if (score > 0) ++lookalikes_;
  Scored& worst =
      *std::min_element(best_.begin(), best_.end(), [](const Scored& a, const Scored& b) {
        return a.score != b.score ? a.score < b.score : a.line.number > b.line.number;
      });
  if (score > worst.score) worst = {score, {number, std::string(head)}};
}

bool NearestLines::indifferent_to(std::string_view lines) const {
  return lookalikes_ >= max_lookalikes ||
         std::none_of(words_.begin(), words_.end(),
                      [&](const LiteralSearch& word) { return word.occurs_in(lines); });
}

std::vector<KeptLine> NearestLines::lines() const {
  std::vector<KeptLine> lines;
  for (const Scored& best : best_) {
    if (best.score > 0) lines.push_back(best.line);
  }
  return lines;
}

void LastLines::add(std::uint64_t number, std::string_view line) {
  if (blank(line)) return;
  KeptLine& oldest = lines_[next_];
  next_ = (next_ + 1) % lines_.size();
  oldest.number = number;
  oldest.text = line.substr(0, KeptLine::max_bytes);
}

void LastLines::add_block(std::uint64_t last_number, std::string_view lines) {
  // From the end, so that a large block costs no more than its last lines.
  std::vector<std::pair<std::uint64_t, std::string_view>> last;
  for (; !lines.empty() && last.size() < lines_.size(); --last_number) {
    lines.remove_suffix(1);  // the newline
    const std::size_t begin = lines.rfind('\n') + 1;
    const std::string_view line = lines.substr(begin);
    if (!blank(line)) last.emplace_back(last_number, line);
    lines.remove_suffix(line.size());
  }
  for (auto kept = last.rbegin(); kept != last.rend(); ++kept) add(kept->first, kept->second);
}

}  // namespace tunesmith
