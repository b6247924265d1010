#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tunesmith {

/// Carries a script's output from its pipe to the log and on to the tuner. The log takes the first
/// `max_log_bytes`; of what follows it gets the last 16 KiB at the end. The tuner gets everything;
/// while it does not read, the script waits as it would for a terminal.
class LauncherOutput {
 public:
  /// All three descriptors are open for as long as this lives; `pipe` and `tuner` do not block.
  LauncherOutput(int pipe, int log, int tuner, std::uint64_t max_log_bytes);

  bool pipe_open() const { return pipe_open_; }
  int pipe() const { return pipe_; }
  /// Bytes wait for the tuner to take them; read_some() does nothing until then.
  bool pending() const { return begin_ < end_; }
  /// Takes what is there, up to one buffer.
  void read_some();
  /// Gives the tuner what it can take now.
  void forward();
  /// Nobody reads on the other side any more.
  void tuner_gone();
  /// Writes the end of the log.
  void finish_log();

  std::uint64_t bytes() const { return bytes_; }
  /// errno of the first write that failed; 0: none.
  int log_error() const { return log_error_; }

 private:
  void write_log(const char* data, std::size_t size);
  void keep(const char* data, std::size_t size);

  int pipe_;
  int log_;
  int tuner_;
  std::uint64_t max_log_bytes_;
  bool pipe_open_ = true;
  bool tuner_open_ = true;
  std::uint64_t bytes_ = 0;
  std::uint64_t logged_ = 0;
  int log_error_ = 0;
  std::array<char, 65536> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  /// The last bytes that came after the log was full.
  std::string last_;
};

}  // namespace tunesmith
