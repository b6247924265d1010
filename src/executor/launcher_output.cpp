#include "executor/launcher_output.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace tunesmith {
namespace {

constexpr std::size_t kept_bytes = 16384;
constexpr std::string_view gap = "\n[output left out here]\n";

}  // namespace

LauncherOutput::LauncherOutput(int pipe, int log, int tuner, std::uint64_t max_log_bytes)
    : pipe_(pipe), log_(log), tuner_(tuner), max_log_bytes_(max_log_bytes) {}

void LauncherOutput::read_some() {
  if (!pipe_open_ || pending()) return;
  const ssize_t count = read(pipe_, buffer_.data(), buffer_.size());
  if (count < 0) {
    if (errno != EAGAIN && errno != EINTR) pipe_open_ = false;
    return;
  }
  if (count == 0) {
    pipe_open_ = false;
    return;
  }
  begin_ = 0;
  end_ = static_cast<std::size_t>(count);
  bytes_ += end_;
  const std::size_t room =
      static_cast<std::size_t>(std::min<std::uint64_t>(max_log_bytes_ - logged_, end_));
  write_log(buffer_.data(), room);
  logged_ += room;
  keep(buffer_.data() + room, end_ - room);
  forward();
}

void LauncherOutput::forward() {
  while (pending()) {
    if (!tuner_open_) {
      begin_ = end_;
      return;
    }
    const ssize_t count = send(tuner_, buffer_.data() + begin_, end_ - begin_, MSG_NOSIGNAL);
    if (count >= 0) {
      begin_ += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      return;
    } else if (errno != EINTR) {
      tuner_gone();
    }
  }
}

void LauncherOutput::tuner_gone() {
  tuner_open_ = false;
  begin_ = end_;
}

void LauncherOutput::write_log(const char* data, std::size_t size) {
  while (size > 0 && log_error_ == 0) {
    const ssize_t count = write(log_, data, size);
    if (count >= 0) {
      data += count;
      size -= static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      log_error_ = errno;
    }
  }
}

void LauncherOutput::keep(const char* data, std::size_t size) {
  if (size >= kept_bytes) {
    last_.assign(data + (size - kept_bytes), kept_bytes);
    return;
  }
  last_.append(data, size);
  if (last_.size() > 2 * kept_bytes) last_.erase(0, last_.size() - kept_bytes);
}

void LauncherOutput::finish_log() {
  if (last_.size() > kept_bytes) last_.erase(0, last_.size() - kept_bytes);
  if (bytes_ - logged_ > last_.size()) {
    // A line without its head could be read as another metric than it was.
    const std::size_t line_end = last_.find('\n');
    last_.erase(0, line_end == std::string::npos ? last_.size() : line_end + 1);
    write_log(gap.data(), gap.size());
  }
  write_log(last_.data(), last_.size());
}

}  // namespace tunesmith
