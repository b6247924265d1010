#include "executor/process_table.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <set>

namespace tunesmith {
namespace {

std::string read_whole(const std::string& path) {
  std::string text;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return text;
  std::array<char, 4096> bytes;
  for (;;) {
    const ssize_t count = read(file, bytes.data(), bytes.size());
    if (count > 0) {
      text.append(bytes.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
  close(file);
  return text;
}

std::vector<pid_t> list_pids() {
  std::vector<pid_t> pids;
  DIR* folder = opendir("/proc");
  if (folder == nullptr) return pids;
  while (const dirent* entry = readdir(folder)) {
    const int pid = std::atoi(entry->d_name);
    if (pid > 0) pids.push_back(pid);
  }
  closedir(folder);
  return pids;
}

}  // namespace

std::optional<ProcessInfo> process_info(pid_t pid) {
  const std::string text = read_whole("/proc/" + std::to_string(pid) + "/stat");
  // The second field is the program's name in parentheses and may hold anything, ')' included.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  ProcessInfo info;
  info.pid = pid;
  unsigned long long started = 0;
  const int fields =
      std::sscanf(text.c_str() + name_end + 1,
                  " %c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                  &info.state, &info.parent, &info.session, &started);
  if (fields != 4) return std::nullopt;
  info.started = started;
  return info;
}

std::vector<ProcessInfo> list_processes() {
  std::vector<ProcessInfo> processes;
  for (const pid_t pid : list_pids()) {
    if (const std::optional<ProcessInfo> info = process_info(pid)) processes.push_back(*info);
  }
  return processes;
}

std::vector<pid_t> living_descendants(pid_t root) {
  const std::vector<ProcessInfo> processes = list_processes();
  std::set<pid_t> family = {root};
  for (bool grown = true; grown;) {
    grown = false;
    for (const ProcessInfo& process : processes) {
      if (family.count(process.parent) > 0) grown = family.insert(process.pid).second || grown;
    }
  }
  std::vector<pid_t> living;
  for (const ProcessInfo& process : processes) {
    if (process.pid != root && process.alive() && family.count(process.pid) > 0)
      living.push_back(process.pid);
  }
  return living;
}

std::vector<pid_t> processes_tagged(const std::string& tag) {
  const std::string wanted = '\0' + tag + '\0';
  std::vector<pid_t> tagged;
  for (const pid_t pid : list_pids()) {
    const std::string environment =
        '\0' + read_whole("/proc/" + std::to_string(pid) + "/environ") + '\0';
    if (environment.find(wanted) == std::string::npos) continue;
    const std::optional<ProcessInfo> info = process_info(pid);
    if (info && info->alive()) tagged.push_back(pid);
  }
  return tagged;
}

std::string boot_id() {
  std::string id = read_whole("/proc/sys/kernel/random/boot_id");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

}  // namespace tunesmith
