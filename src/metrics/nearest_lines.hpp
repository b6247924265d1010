#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "metrics/literal_search.hpp"

namespace tunesmith {

/// A line that is kept to be shown.
struct KeptLine {
  static constexpr std::size_t max_bytes = 400;

  std::uint64_t number = 0;  // from 1; 0: none
  std::string text = {};
};

/// "\n  line 12: Avg loss 0.4" for each line, in the order of the output.
std::string listing(std::vector<KeptLine> lines);

/// Remembers the few lines that look most like what was looked for: those that share the most
/// letters in words with it, in any case, the earliest first. It tires after many lookalikes.
class NearestLines {
 public:
  /// `words` in lower case.
  explicit NearestLines(const std::vector<std::string>& words);

  void look(std::uint64_t number, std::string_view line);
  /// Whether look() would find nothing new in any of these lines.
  bool indifferent_to(std::string_view lines) const;

  /// Empty: no line shared a word.
  std::vector<KeptLine> lines() const;

 private:
  struct Scored {
    std::size_t score = 0;
    KeptLine line;
  };

  std::vector<LiteralSearch> words_;
  std::array<Scored, 3> best_;
  int lookalikes_ = 0;
};

/// Remembers the last lines that are not blank.
class LastLines {
 public:
  void add(std::uint64_t number, std::string_view line);
  /// As add() for each of some whole lines, the last of which has this number.
  void add_block(std::uint64_t last_number, std::string_view lines);

  std::vector<KeptLine> lines() const { return {lines_.begin(), lines_.end()}; }

 private:
  std::array<KeptLine, 3> lines_;
  std::size_t next_ = 0;
};

}  // namespace tunesmith
