#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace tunesmith {

/// What this process has in its environment, with `added` on top, as NAME=value.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& added);

struct SpawnPlan {
  /// Program and arguments; a program without a slash is looked up in PATH.
  std::vector<std::string> command = {};
  std::vector<std::string> environment = {};
  /// Descriptors above 2; stderr goes to /dev/null.
  int input = -1;
  /// −1: /dev/null.
  int output = -1;
};
/// Starts a process in a session of its own, with no signal blocked or ignored. Neither copies this
/// process nor runs code of it between fork and exec. Answers errno, 0 for success.
int spawn(SpawnPlan plan, pid_t& pid);

}  // namespace tunesmith
