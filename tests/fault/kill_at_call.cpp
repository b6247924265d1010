// LD_PRELOAD shim: lets one program's calls that change files fail, or die there. Only calls on
// files below a folder are counted. Controlled by the environment:
//
//   KILL_AT_CALL_PROGRAM   name of the program that is meant; other processes are left alone
//   KILL_AT_CALL_FOLDER    text that the path of the file contains
//   KILL_AT_CALL_NUMBER    the call to act at, counted from 1
//   KILL_AT_CALL_ACTION    "before", "half" or "after": SIGKILL there ("half": of a write); an
//   error number:
//                          this call and all later ones fail with it; "count": nothing
//   KILL_AT_CALL_REPORT    file that gets a line per call: number, call, path
//
// A started process counts as a call, whatever its path is.
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

struct Plan {
  Plan() {
    std::array<char, 4096> link{};
    if (readlink("/proc/self/exe", link.data(), link.size() - 1) < 0) return;
    const char* program = std::getenv("KILL_AT_CALL_PROGRAM");
    const char* place = std::getenv("KILL_AT_CALL_FOLDER");
    const char* when = std::getenv("KILL_AT_CALL_NUMBER");
    const char* what = std::getenv("KILL_AT_CALL_ACTION");
    const std::string path = link.data();
    active = program != nullptr && place != nullptr && when != nullptr && what != nullptr &&
             path.substr(path.rfind('/') + 1) == program;
    if (!active) return;
    folder = place;
    number = std::atol(when);
    action = what;
    error = std::atoi(what);
    lasting = action.ends_with("+");
    if (const char* file = std::getenv("KILL_AT_CALL_REPORT")) report = file;
  }
  bool active = false;
  std::string folder;
  long number = 0;
  std::string action;
  int error = 0;
  bool lasting = false;
  std::string report;
  std::atomic<long> calls = 0;
};

Plan& plan() {
  static Plan the_plan;
  return the_plan;
}

[[gnu::constructor]] void read_plan() { plan(); }

std::string path_of(int file) {
  std::array<char, 4096> link{};
  const std::string name = "/proc/self/fd/" + std::to_string(file);
  return readlink(name.c_str(), link.data(), link.size() - 1) < 0 ? std::string() : link.data();
}

/// Opened each time, because the launcher closes what it inherits; by numbers, because `open` and
/// `write` are below.
void note(long number, const char* name, const std::string& path) {
  const std::string line = std::to_string(number) + " " + name + " " + path + "\n";
  const auto file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, plan().report.c_str(),
                                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  syscall(SYS_write, file, line.data(), line.size());
  syscall(SYS_close, file);
}

[[noreturn]] void die() {
  raise(SIGKILL);
  std::abort();
}

/// Does `call`, or what is planned in its place. `part`: the first half of the call, where it has
/// halves.
template <typename Call, typename Part>
auto act(const char* name, const std::string& path, bool always, Call call, Part part)
    -> decltype(call()) {
  Plan& the_plan = plan();
  if (!the_plan.active || (!always && path.find(the_plan.folder) == std::string::npos))
    return call();
  const long number = ++the_plan.calls;
  note(number, name, path);
  const bool due = number == the_plan.number || (number > the_plan.number && the_plan.lasting);
  if (the_plan.error != 0 && due && !always) {
    errno = the_plan.error;
    return -1;
  }
  if (number != the_plan.number || the_plan.error != 0 || the_plan.action == "count") return call();
  if (the_plan.action == "before") die();
  if (the_plan.action == "half") {
    part();
    die();
  }
  call();
  die();
}

template <typename Call>
auto act(const char* name, const std::string& path, Call call) {
  return act(name, path, false, call, [] {});
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* data, size_t size) {
  static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
  return act(
      "write", path_of(file), false, [&] { return next(file, data, size); },
      [&] { return next(file, data, size / 2); });
}

ssize_t pwrite64(int file, const void* data, size_t size, off64_t at) {
  static auto* const next = real<ssize_t(int, const void*, size_t, off64_t)>("pwrite64");
  return act(
      "pwrite64", path_of(file), false, [&] { return next(file, data, size, at); },
      [&] { return next(file, data, size / 2, at); });
}

ssize_t pwrite(int file, const void* data, size_t size, off_t at) {
  return pwrite64(file, data, size, at);
}

int fsync(int file) {
  static auto* const next = real<int(int)>("fsync");
  return act("fsync", path_of(file), [&] { return next(file); });
}

int fdatasync(int file) {
  static auto* const next = real<int(int)>("fdatasync");
  return act("fdatasync", path_of(file), [&] { return next(file); });
}

int ftruncate64(int file, off64_t size) noexcept {
  static auto* const next = real<int(int, off64_t)>("ftruncate64");
  return act("ftruncate64", path_of(file), [&] { return next(file, size); });
}

int posix_fallocate(int file, off_t at, off_t size) {
  static auto* const next = real<int(int, off_t, off_t)>("posix_fallocate");
  const int failed = act("posix_fallocate", path_of(file), [&] { return next(file, at, size); });
  return failed == -1 ? errno : failed;
}

int rename(const char* from, const char* to) noexcept {
  static auto* const next = real<int(const char*, const char*)>("rename");
  return act("rename", to, [&] { return next(from, to); });
}

int link(const char* from, const char* to) noexcept {
  static auto* const next = real<int(const char*, const char*)>("link");
  return act("link", to, [&] { return next(from, to); });
}

int unlink(const char* path) noexcept {
  static auto* const next = real<int(const char*)>("unlink");
  return act("unlink", path, [&] { return next(path); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  static auto* const next = real<int(const char*, mode_t)>("mkdir");
  return act("mkdir", path, [&] { return next(path, mode); });
}

int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* files,
                const posix_spawnattr_t* attributes, char* const arguments[],
                char* const environment[]) {
  static auto* const next = real<decltype(posix_spawn)>("posix_spawn");
  return act(
      "posix_spawn", path, true,
      [&] { return next(pid, path, files, attributes, arguments, environment); }, [] {});
}

int open64(const char* path, int flags, ...) {
  static auto* const next = real<int(const char*, int, ...)>("open64");
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_CREAT) == 0 || access(path, F_OK) == 0) return next(path, flags, mode);
  return act("create", path, [&] { return next(path, flags, mode); });
}

int open(const char* path, int flags, ...) {
  static auto* const next = real<int(const char*, int, ...)>("open");
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_CREAT) == 0 || access(path, F_OK) == 0) return next(path, flags, mode);
  return act("create", path, [&] { return next(path, flags, mode); });
}

}  // extern "C"
