#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tunesmith {

/// Length of the UTF-8 character at text[at], or 0 where the bytes there are none.
std::size_t utf8_length(std::string_view text, std::size_t at);

/// `text` as valid UTF-8 for messages: control characters and invalid bytes as "\x1b", and "..."
/// after about `limit` bytes.
std::string printable(std::string_view text, std::size_t limit = 200);

}  // namespace tunesmith
