#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tunesmith {

/// A process as /proc shows it.
struct ProcessInfo {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
  /// 'Z' and 'X' are dead.
  char state = '?';
  /// In clock ticks since boot: tells a process from a later one that got the same number.
  std::uint64_t started = 0;

  bool alive() const { return state != 'Z' && state != 'X'; }
};

/// Nothing where there is no such process.
std::optional<ProcessInfo> process_info(pid_t pid);

/// Everything that is visible, in no particular order.
std::vector<ProcessInfo> list_processes();

/// Living processes that `root` started, directly or not; those whose parent died count where they
/// were handed to `root` or to one of the others.
std::vector<pid_t> living_descendants(pid_t root);

/// Living processes whose environment had the entry `tag` ("NAME=value") when their program began.
std::vector<pid_t> processes_tagged(const std::string& tag);

/// Names this start of the machine; empty where unknown.
std::string boot_id();

}  // namespace tunesmith
