#include "metrics/output_lines.hpp"

#include <algorithm>
#include <cstring>

namespace tunesmith {
namespace {

constexpr char escape_character = '\x1b';
// Small, so that one line of interest does not make many others be read one by one.
constexpr std::size_t block_bytes = 8 * 1024;

/// Position of `c` in `text` at or after `from`, or text.size().
std::size_t find(std::string_view text, char c, std::size_t from) {
  if (from >= text.size()) return text.size();
  const void* found = std::memchr(text.data() + from, c, text.size() - from);
  return found == nullptr ? text.size()
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

/// Nothing in it needs a closer look.
bool plain(std::string_view text) {
  return find(text, '\r', 0) == text.size() && find(text, escape_character, 0) == text.size();
}

}  // namespace

void OutputLines::feed(std::string_view bytes, const Handler& handler,
                       const BlockHandler& block_handler) {
  std::size_t offered = 0;  // lines that begin before were offered to block_handler
  for (std::size_t at = 0; at < bytes.size();) {
    const bool fresh = kept_.empty() && lost_ == 0 && escape_ == Escape::none;
    if (fresh && at >= offered) {
      const std::string_view head = bytes.substr(at, std::min(block_bytes, max_bytes_));
      const std::size_t block = head.rfind('\n') + 1;  // 0: no whole line
      offered = at + std::max<std::size_t>(block, 1);
      if (block > 0 && plain(head.substr(0, block)) && block_handler(head.substr(0, block))) {
        after_return_ = false;
        at += block;
        continue;
      }
    }
    const std::size_t newline = find(bytes, '\n', at);
    const std::string_view body = bytes.substr(at, newline - at);
    const bool ended = newline < bytes.size();
    at = newline + 1;
    if (ended && fresh && body.size() <= max_bytes_ && plain(body)) {
      after_return_ = false;
      handler({body, {body.data(), body.size() + 1}});  // most lines: nothing to copy
      continue;
    }
    add(body);
    if (ended) end_line(handler);
  }
}

void OutputLines::finish(const Handler& handler) {
  if (!kept_.empty() || lost_ > 0) end_line(handler);
  after_return_ = false;
  escape_ = Escape::none;
}

void OutputLines::add(std::string_view body) {
  std::size_t carriage_return = find(body, '\r', 0);
  std::size_t escape = find(body, escape_character, 0);
  for (std::size_t at = 0; at < body.size();) {
    if (escape_ != Escape::none && in_escape(body[at])) {
      ++at;
      continue;
    }
    if (carriage_return < at) carriage_return = find(body, '\r', at);
    if (escape < at) escape = find(body, escape_character, at);
    const std::size_t special = std::min(carriage_return, escape);
    if (special > at) {
      add_text(body.substr(at, special - at));
      at = special;
    } else if (body[at++] == '\r') {
      after_return_ = true;
    } else {
      escape_ = Escape::begun;
    }
  }
}

void OutputLines::add_text(std::string_view text) {
  if (after_return_) {
    if (!kept_.empty()) ++overwritten_;
    kept_.clear();
    lost_ = 0;
    after_return_ = false;
  }
  const std::size_t room = std::min(text.size(), max_bytes_ - kept_.size());
  kept_.append(text.substr(0, room));
  lost_ += text.size() - room;
  discarded_bytes_ += text.size() - room;
}

/// Whether `c` belongs to the escape sequence under way; else there is none any more.
bool OutputLines::in_escape(char c) {
  const auto code = static_cast<unsigned char>(c);
  if (c == escape_character) {
    escape_ = escape_ == Escape::string ? Escape::string_end : Escape::begun;
    return true;
  }
  if (code < 0x20) {
    const bool bell = c == '\a' && escape_ == Escape::string;
    escape_ = Escape::none;
    return bell;
  }
  switch (escape_) {
    case Escape::string:
      return true;
    case Escape::string_end:
    case Escape::begun:
      if (c == '[') {
        escape_ = Escape::control;
      } else if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_') {
        escape_ = Escape::string;
      } else if (code <= 0x2f) {
        escape_ = Escape::intermediate;
      } else {
        escape_ = Escape::none;
        return code <= 0x7e;  // two-character sequences, the end of a string among them
      }
      return true;
    case Escape::intermediate:
      if (code > 0x2f) escape_ = Escape::none;
      return code <= 0x7e;
    case Escape::control:
      if (code >= 0x40) escape_ = Escape::none;
      return code <= 0x7e;
    case Escape::none:
      break;
  }
  return false;
}

void OutputLines::end_line(const Handler& handler) {
  // An escape sequence does not run over the end of a line: a broken one would hide what follows.
  escape_ = Escape::none;
  after_return_ = false;
  const bool cut = lost_ > 0;
  if (cut) ++cut_lines_;
  const std::size_t size = kept_.size();
  if (!cut) kept_.push_back('\n');
  // Moved out first, so that an exception of the handler leaves a fresh line behind.
  std::string line;
  line.swap(kept_);
  lost_ = 0;
  handler({std::string_view(line).substr(0, size), line});
  line.clear();
  kept_.swap(line);  // keeps the memory for the next line
}

}  // namespace tunesmith
