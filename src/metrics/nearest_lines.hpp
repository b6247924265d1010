#pragma once

#include <re2/re2.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tunesmith {

/// Remembers the few lines that look most like what was looked for: those that share the most
/// letters in words with it, in any case. Where no line shares a word: the last lines.
class NearestLines {
 public:
  /// `words` in lower case.
  explicit NearestLines(std::vector<std::string> words);

  void look(std::uint64_t number, std::string_view text);

  /// "  line 12: Avg loss 0.4", one per line, in the order of the output.
  std::string listing() const;

 private:
  static constexpr std::size_t kept_lines = 3;
  static constexpr std::size_t kept_bytes = 400;

  struct Line {
    std::uint64_t number = 0;  // 0: none
    std::size_t score = 0;
    std::string text;
  };

  std::vector<std::string> words_;
  std::unique_ptr<RE2> any_word_;  // null: no words
  std::array<Line, kept_lines> best_;
  std::array<Line, kept_lines> last_;
  std::size_t next_ = 0;  // of last_
};

}  // namespace tunesmith
