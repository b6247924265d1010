#include "metrics/pattern_outline.hpp"

#include <algorithm>
#include <utility>

#include "metrics/printable.hpp"
#include "metrics/words.hpp"

namespace tunesmith {
namespace {

/// What stands before the present position in its group.
enum class Item {
  none,      // the group begins here
  fixed,     // a character that is spelled out and must be there
  flexible,  // anything else
};

class Scanner {
 public:
  explicit Scanner(std::string_view pattern) : in_(pattern) {}

  PatternOutline scan() {
    while (at_ < in_.size()) step();
    end_literal();
    add_words();
    if (alternatives_ || folded_) out_.required.clear();
    if (out_.group && !out_.group->close) out_.group.reset();
    return std::move(out_);
  }

 private:
  bool ahead(std::string_view text) const { return in_.substr(at_).starts_with(text); }
  char peek(std::size_t distance = 0) const {
    return at_ + distance < in_.size() ? in_[at_ + distance] : '\0';
  }
  void copy(std::size_t count) {
    out_.text += in_.substr(at_, count);
    at_ = std::min(at_ + count, in_.size());
  }
  void unsupported(std::string what, std::string hint) {
    if (!out_.unsupported) out_.unsupported = Mistake{"", std::move(what), std::move(hint)};
  }

  void step() {
    switch (peek()) {
      case '(':
        return open_group();
      case ')':
        end_literal();
        if (!opened_.empty()) {
          if (opened_.back() && out_.group) {
            out_.group->close = out_.text.size();
            just_closed_ = true;
          }
          opened_.pop_back();
        }
        copy(1);
        last_ = Item::flexible;
        item_begin_ = std::string::npos;
        return;
      case '|':
        end_literal();
        if (opened_.empty()) alternatives_ = true;
        copy(1);
        last_ = Item::none;
        just_closed_ = false;
        return;
      case '*':
      case '+':
      case '?':
        return quantifier(1, peek() != '+');
      case '{':
        if (const std::size_t length = repetition(); length > 0) {
          return quantifier(length, peek(1) == '0');
        }
        return literal(1);
      case '[':
        return character_class();
      case '\\':
        return escape();
      case '.':
        return opaque(1, Item::flexible);
      case '^':
      case '$':
        return opaque(1, Item::flexible);
      default:
        return literal(std::max<std::size_t>(1, utf8_length(in_, at_)));
    }
  }

  /// Length of "{2}", "{2,}" or "{2,5}" here; 0: a literal brace.
  std::size_t repetition() const {
    std::size_t end = at_ + 1;
    while (end < in_.size() && ((in_[end] >= '0' && in_[end] <= '9') || in_[end] == ',')) ++end;
    return end < in_.size() && in_[end] == '}' && end > at_ + 1 && in_[at_ + 1] != ','
               ? end + 1 - at_
               : 0;
  }

  void literal(std::size_t length) {
    const std::string_view text = in_.substr(at_, length);
    literal_as(text, [&] {
      if (length == 1) return copy(1);
      out_.text += "(?:";  // so that a quantifier means the whole character
      copy(length);
      out_.text += ')';
    });
  }

  template <class Write>
  void literal_as(std::string_view meaning, Write write) {
    item(Item::fixed);
    run_ += meaning;
    last_length_ = meaning.size();
    write();
  }

  void opaque(std::size_t length, Item kind) {
    end_literal();
    item(kind);
    copy(length);
  }

  /// Notes an item of the pattern; the first one after group 1 shows how its number ends.
  void item(Item kind) {
    if (just_closed_ && out_.group) out_.group->fixed_after = kind == Item::fixed;
    after_group_ = just_closed_;
    just_closed_ = false;
    last_ = kind;
    item_begin_ = out_.text.size();
  }

  void quantifier(std::size_t length, bool optional) {
    if (just_closed_) just_closed_ = false;  // the group itself repeats
    if (optional) {
      if (run_.size() >= last_length_) run_.resize(run_.size() - last_length_);
      if (after_group_ && out_.group) out_.group->fixed_after = false;
      last_ = Item::flexible;
    }
    after_group_ = false;
    end_literal();
    if (length == 1 && peek() != '?' && item_begin_ != std::string::npos) {
      repeated_begin_ = item_begin_;
      repeated_end_ = out_.text.size();
    }
    copy(length);
    if (peek() == '?') copy(1);
    if (peek() == '+') {
      unsupported("has a possessive quantifier ('" + out_.text.substr(out_.text.size() - length) +
                      "+'), which RE2 does not know",
                  "the same without the second '+': RE2 never backtracks, so that it is as fast");
    }
  }

  void open_group() {
    const Item before = last_;
    end_literal();
    if (just_closed_) item(Item::flexible);
    last_ = Item::none;
    if (peek(1) != '?') return open_capture(1, before);
    if (ahead("(?P<")) {
      const std::size_t name_end = in_.find('>', at_);
      return open_capture(name_end == std::string_view::npos ? 4 : name_end + 1 - at_, before);
    }
    note_extension();
    std::size_t length = 2;
    while (at_ + length < in_.size() && in_[at_ + length] != ')' && in_[at_ + length] != ':') {
      folded_ = folded_ || in_[at_ + length] == 'i';
      ++length;
    }
    const bool flags_only = peek(length) == ')';
    if (flags_only) {
      last_ = before;
    } else {
      opened_.push_back(false);
    }
    copy(length + 1);
  }

  void open_capture(std::size_t length, Item before) {
    ++out_.groups;
    const bool first = out_.groups == 1;
    opened_.push_back(first);
    if (first) {
      out_.group = GroupOutline{.open = out_.text.size(),
                                .content_begin = out_.text.size() + length,
                                .fixed_before = before == Item::fixed};
      if (repeated_end_ + 1 == out_.text.size()) {
        out_.group->repeated_begin = repeated_begin_;
        out_.group->repeated_end = repeated_end_;
      }
    }
    copy(length);
  }

  void note_extension() {
    const auto without = [&](std::string what, std::string hint) {
      unsupported("has " + std::move(what) + ", which RE2 does not know", std::move(hint));
    };
    if (ahead("(?=") || ahead("(?!")) {
      without("a lookahead ('" + std::string(in_.substr(at_, 3)) + "')",
              "write what follows after the capture group: 'loss=([0-9.]+),' instead of "
              "'loss=([0-9.]+)(?=,)'; only group 1 is read");
    } else if (ahead("(?<=") || ahead("(?<!")) {
      without("a lookbehind ('" + std::string(in_.substr(at_, 4)) + "')",
              "write what comes before in front of the capture group: 'loss=([0-9.]+)' instead of "
              "'(?<=loss=)([0-9.]+)'; only group 1 is read");
    } else if (ahead("(?>")) {
      without("an atomic group ('(?>')", "'(?:': RE2 never backtracks, so that it is as fast");
    } else if (ahead("(?P=")) {
      without("a backreference ('(?P=')", "the text itself in its second place");
    } else if (ahead("(?(")) {
      without("a conditional ('(?(')", "alternatives: '(?:a|b)'");
    } else if (ahead("(?#")) {
      without("a comment ('(?#')", "the pattern without it");
    } else if (ahead("(?<")) {
      without("a group named with '(?<'", "'(?P<name>'");
    } else if (ahead("(?x")) {
      without("the flag x ('(?x')", "the pattern without spaces and comments");
    }
  }

  void character_class() {
    end_literal();
    const bool negated = peek(1) == '^';
    std::size_t length = negated ? 2 : 1;
    if (peek(length) == ']') ++length;
    bool bytes_only = true;
    while (at_ + length < in_.size() && in_[at_ + length] != ']') {
      const std::string_view rest = in_.substr(at_ + length);
      if (rest.starts_with("[:")) {
        const std::size_t end = rest.find(":]");
        length += end == std::string_view::npos ? 1 : end + 2;
      } else {
        if ((static_cast<unsigned char>(rest[0]) & 0x80U) != 0) bytes_only = false;
        length += rest[0] == '\\' ? 2 : 1;
      }
    }
    if (!bytes_only && !negated) {
      unsupported("has a character outside ASCII between '[' and ']', where one byte is meant",
                  "alternatives: '(?:ä|ö)' instead of '[äö]'");
    }
    item(negated ? Item::flexible : Item::fixed);
    copy(length + 1);
  }

  void escape() {
    const char c = peek(1);
    if (c == 'Z' || c == 'z') {  // every line is searched alone: the end of the text is its end
      end_literal();
      item(Item::flexible);
      out_.text += '$';
      at_ += 2;
    } else if (c == 'Q') {
      const std::size_t end = std::min(in_.find("\\E", at_), in_.size());
      for (at_ += 2; at_ < end;) {
        const std::string byte(1, in_[at_++]);
        literal_as(byte, [&] { out_.text += quoted(byte); });
      }
      at_ = std::min(end + 2, in_.size());
    } else if (octal(c) && (c == '0' || octal(peek(2)))) {
      opaque(octal(peek(2)) && octal(peek(3)) ? 4 : octal(peek(2)) ? 3 : 2, Item::fixed);
    } else if (c >= '1' && c <= '9') {
      unsupported("has a backreference ('\\" + std::string(1, c) + "'), which RE2 does not know",
                  "the text itself in its second place");
      opaque(2, Item::flexible);
    } else if (c == 'x' || c == 'p' || c == 'P') {
      const std::size_t brace = peek(2) == '{' ? in_.find('}', at_) : std::string_view::npos;
      const std::size_t plain = c == 'x' ? 4 : 3;
      opaque(brace == std::string_view::npos ? plain : brace + 1 - at_,
             c == 'x' ? Item::fixed : Item::flexible);
    } else if (c == 't') {
      literal_as("\t", [&] { copy(2); });
    } else if (c == 'd' || c == 'w') {
      opaque(2, Item::fixed);
    } else if (is_word_byte(c)) {
      opaque(2, Item::flexible);
    } else {
      literal_as(in_.substr(at_ + 1, 1), [&] { copy(2); });
    }
  }

  static bool octal(char c) { return c >= '0' && c <= '7'; }

  static std::string quoted(const std::string& byte) {
    return is_word_byte(byte[0]) || (static_cast<unsigned char>(byte[0]) & 0x80U) != 0
               ? byte
               : "\\" + byte;
  }

  /// A run of literal characters is over; outside of groups every match contains it.
  void end_literal() {
    if (opened_.empty() && run_.size() > out_.required.size()) out_.required = run_;
    literals_ += run_ + ' ';
    run_.clear();
    last_length_ = 0;
  }

  void add_words() { out_.words = words_of(literals_); }

  std::string_view in_;
  std::size_t at_ = 0;
  PatternOutline out_;
  std::vector<bool> opened_;  // open groups; true: group 1
  Item last_ = Item::none;
  bool just_closed_ = false;  // group 1 ended right here
  bool after_group_ = false;  // the last item is the first one after group 1
  bool alternatives_ = false;
  bool folded_ = false;                         // (?i) somewhere
  std::size_t item_begin_ = std::string::npos;  // of the last item that is no group
  std::size_t repeated_begin_ = 0;              // what the last '*' or '+' repeats
  std::size_t repeated_end_ = 0;
  std::string run_;
  std::size_t last_length_ = 0;  // bytes of the last character of run_
  std::string literals_;
};

}  // namespace

PatternOutline outline(std::string_view pattern) { return Scanner(pattern).scan(); }

}  // namespace tunesmith
