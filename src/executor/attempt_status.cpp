#include "executor/attempt_status.hpp"

#include <cstdlib>

namespace tunesmith {
namespace {

constexpr std::string_view head = "tunesmith-attempt 1\n";
constexpr std::string_view tail = "end\n";

}  // namespace

std::string format_status(const AttemptStatus& status) {
  std::string text(head);
  const auto add = [&](const char* key, const std::string& value) {
    text += std::string(key) + " " + value + "\n";
  };
  add("cause", std::string(1, static_cast<char>(status.cause)));
  if (status.exit_code) add("exit_code", std::to_string(*status.exit_code));
  if (status.signal) add("signal", std::to_string(*status.signal));
  add("started", std::to_string(status.started));
  add("ended", std::to_string(status.ended));
  add("output_bytes", std::to_string(status.output_bytes));
  if (status.start_error != 0) add("start_error", std::to_string(status.start_error));
  if (status.log_error != 0) add("log_error", std::to_string(status.log_error));
  return text.append(tail);
}

std::optional<AttemptStatus> parse_status(std::string_view text) {
  if (!text.starts_with(head) || !text.ends_with(tail)) return std::nullopt;
  text.remove_prefix(head.size());
  text.remove_suffix(tail.size());
  AttemptStatus status;
  bool has_cause = false;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const std::string_view key = line.substr(0, space);
    const std::string value(line.substr(space + 1));
    if (key == "cause") {
      if (value.size() != 1 || std::string_view("enstqg").find(value[0]) == std::string_view::npos)
        return std::nullopt;
      status.cause = static_cast<EndCause>(value[0]);
      has_cause = true;
    } else if (key == "exit_code") {
      status.exit_code = std::atoi(value.c_str());
    } else if (key == "signal") {
      status.signal = std::atoi(value.c_str());
    } else if (key == "started") {
      status.started = std::atoll(value.c_str());
    } else if (key == "ended") {
      status.ended = std::atoll(value.c_str());
    } else if (key == "output_bytes") {
      status.output_bytes = std::strtoull(value.c_str(), nullptr, 10);
    } else if (key == "start_error") {
      status.start_error = std::atoi(value.c_str());
    } else if (key == "log_error") {
      status.log_error = std::atoi(value.c_str());
    }
  }
  return has_cause ? std::optional(status) : std::nullopt;
}

}  // namespace tunesmith
