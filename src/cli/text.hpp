#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tunesmith/clock.hpp"

namespace tunesmith::cli {

/// The text with everything that could move a cursor or hide itself written out (`\n`, `\x1b`):
/// control characters, bidirectional controls, bytes that are no UTF-8.
std::string printable(std::string_view text);

/// Only the first line, printable: for places where one line is all there is.
std::string first_line(std::string_view text);

/// Every line printable, all but the first behind `indent`; without a newline at the end.
std::string printable_lines(std::string_view text, std::string_view indent);

/// Columns that a printable text takes on a terminal.
int display_width(std::string_view text);

/// At most `width` columns, the last one "…" where something was cut off.
std::string truncated(std::string_view text, int width);

/// Exactly `width` columns: truncated, or filled with blanks on the right or on the left.
std::string padded(std::string_view text, int width, bool right_aligned = false);

/// "0:07", "12:30", "1:02:03", "3d 04h".
std::string duration_text(Seconds seconds);

/// About six significant digits: for people, not for reading back.
std::string short_number(double value);

/// Words of a command as a shell would split them: blanks separate; '…' keeps everything, "…" keeps
/// all but backslash escapes of `"` and `\`, a backslash keeps the next character. Nothing else is
/// special: no variables, no globbing. None where a quote is not closed.
std::optional<std::vector<std::string>> split_command(std::string_view text);

/// The word as a POSIX shell reads it back.
std::string shell_quoted(std::string_view word);
std::string shell_quoted(const std::vector<std::string>& words);

}  // namespace tunesmith::cli
