#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace tunesmith {

/// A line of output as it would stand on a terminal at its end.
struct OutputLine {
  /// Without newline; the head only where the line was cut.
  std::string_view text;
  /// `text` and the newline that ends it; just `text` where the line was cut.
  std::string_view with_newline;

  bool cut() const { return with_newline.size() == text.size(); }
};

/// Splits a byte stream into lines, independently of how it arrives: removes escape sequences
/// (ECMA-48), keeps the last of the segments that `\r` separates, and holds at most `max_bytes` of
/// a line. Any other control character ends an unfinished escape sequence and is kept.
class OutputLines {
 public:
  using Handler = std::function<void(const OutputLine&)>;
  /// Gets some whole lines at once, as they are; true: they have been dealt with.
  using BlockHandler = std::function<bool(std::string_view lines)>;

  explicit OutputLines(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// `handler` gets every line that `bytes` completes, unless `block_handler` took it; views are
  /// valid during the call.
  void feed(std::string_view bytes, const Handler& handler, const BlockHandler& block_handler);
  /// Hands over the unfinished last line, if there is one; the next feed starts a new stream.
  void finish(const Handler& handler);

  std::uint64_t overwritten() const { return overwritten_; }
  std::uint64_t cut_lines() const { return cut_lines_; }
  std::uint64_t discarded_bytes() const { return discarded_bytes_; }

 private:
  enum class Escape {
    none,
    begun,         // after ESC
    intermediate,  // ESC and one of 0x20-0x2f
    control,       // ESC [ …, ended by 0x40-0x7e
    string,        // ESC ] P X ^ _ …, ended by BEL or ESC \.
    string_end,    // ESC inside a string
  };

  void add(std::string_view body);
  void add_text(std::string_view text);
  bool in_escape(char c);
  void end_line(const Handler& handler);

  std::size_t max_bytes_;
  std::string kept_;
  std::uint64_t lost_ = 0;     // bytes of this segment beyond kept_
  bool after_return_ = false;  // a `\r` came last: the segment is overwritten unless `\n` follows
  Escape escape_ = Escape::none;  // an unfinished sequence
  std::uint64_t overwritten_ = 0;
  std::uint64_t cut_lines_ = 0;
  std::uint64_t discarded_bytes_ = 0;
};

}  // namespace tunesmith
