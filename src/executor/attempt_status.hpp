#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tunesmith {

/// Why an attempt's processes ended. The enumerator is also the byte with which the executor asks
/// its launcher for it.
enum class EndCause : char {
  exited = 'e',       ///< by itself
  not_started = 'n',  ///< the program could not be executed
  stopped = 's',      ///< asked by the tuner
  time_limit = 't',
  silence_limit = 'q',
  tuner_gone = 'g',  ///< the tuner's process died, or its executor was destroyed
};

/// What a launcher leaves behind when everything of its attempt has ended.
struct AttemptStatus {
  EndCause cause = EndCause::exited;
  /// Of the script: one of the two; both absent where it was not started.
  std::optional<int> exit_code = {};
  std::optional<int> signal = {};
  /// Wall clock, milliseconds since 1970.
  std::int64_t started = 0;
  std::int64_t ended = 0;
  std::uint64_t output_bytes = 0;
  /// errno of execve, or of the first failed write to the log; 0: none.
  int start_error = 0;
  int log_error = 0;
};

/// Lines of "key value".
std::string format_status(const AttemptStatus& status);
/// Nothing where the text is not whole.
std::optional<AttemptStatus> parse_status(std::string_view text);

}  // namespace tunesmith
