#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <sstream>
#include <thread>

#include "executor/attempt.hpp"
#include "executor/process_table.hpp"
#include "executor/script_mode.hpp"

namespace tunesmith {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds look_interval{20};
/// How much longer than its grace a launcher gets before it is hurried, and then killed.
constexpr std::chrono::seconds patience{2};

/// A living launcher holds the lock of its log.
bool launcher_lives(const std::string& attempt) {
  const Descriptor log(open((attempt + ".log").c_str(), O_RDONLY | O_CLOEXEC));
  return log.number() >= 0 && flock(log.number(), LOCK_EX | LOCK_NB) != 0;
}

bool wait_for_launcher(const std::string& attempt, SteadyClock::duration limit) {
  const SteadyClock::time_point end = SteadyClock::now() + limit;
  while (launcher_lives(attempt)) {
    if (SteadyClock::now() >= end) return false;
    std::this_thread::sleep_for(look_interval);
  }
  return true;
}

/// The launcher, then the script, where the processes that have these numbers now are the same.
std::vector<pid_t> recorded_processes(const std::string& attempt) {
  std::istringstream record(read_file(attempt + ".pid"));
  std::vector<pid_t> processes;
  std::string word;
  std::string boot;
  record >> word >> boot;
  if (word != "boot" || boot != boot_id()) return processes;
  pid_t pid = 0;
  std::uint64_t started = 0;
  while (record >> pid >> started) {
    const std::optional<ProcessInfo> info = process_info(pid);
    if (info && info->alive() && info->started == started) processes.push_back(pid);
  }
  return processes;
}

}  // namespace

void end_leftovers(const TrialFolder& folder, int attempt) {
  const std::string path = folder.attempt(attempt);
  const auto grace = std::chrono::duration_cast<SteadyClock::duration>(short_grace) + patience;
  if (!wait_for_launcher(path, grace)) {
    // The launcher takes SIGINT as "at once".
    const std::vector<pid_t> recorded = recorded_processes(path);
    if (!recorded.empty()) kill(recorded.front(), SIGINT);
    wait_for_launcher(path, patience);
  }
  // Only where no launcher is left to do it is this needed. The tag is in the environment of
  // everything that the script started, in whatever session; the record is for what cleared its
  // environment.
  const std::string tag = attempt_tag(folder, attempt);
  const SteadyClock::time_point end = SteadyClock::now() + patience;
  for (;;) {
    std::vector<pid_t> left = processes_tagged(tag);
    for (const pid_t pid : recorded_processes(path)) left.push_back(pid);
    std::erase(left, getpid());
    if (left.empty() || SteadyClock::now() >= end) return;
    for (const pid_t pid : left) kill(pid, SIGKILL);
    std::this_thread::sleep_for(look_interval);
  }
}

}  // namespace tunesmith
