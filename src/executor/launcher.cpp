// tunesmith-launcher: runs one attempt at a trial and answers for every process it starts.
//
//   tunesmith-launcher <parent pid> <grace> <short grace> <max log bytes> <attempt> <folder>
//   <argv…>
//
// Descriptor 0 is a socket to the tuner: the script's output goes out on it, requests to end come
// in as single bytes (EndCause), and its end means that the tuner is gone. Descriptor 1 is the log,
// locked by the tuner's flock, so that the lock tells whether this launcher lives. Times are in
// milliseconds. `<attempt>.pid` names the processes while they run, `<attempt>.status` says how
// it ended. The launcher leads a session, so that Ctrl-C on a terminal is the tuner's alone; the
// script, which runs in `folder`, leads another, so that its whole group can be asked to end.
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

#include "executor/attempt_status.hpp"
#include "executor/launcher_output.hpp"
#include "executor/process_table.hpp"

namespace tunesmith {
namespace {

using Milliseconds = std::int64_t;

constexpr int tuner_socket = 0;
constexpr int log_file = 1;
/// Output that a background process still holds open is waited for so long after the script's end.
constexpr Milliseconds drain_limit = 1000;
/// A process that SIGKILL does not end (waiting for a broken disk, say) is given up after this.
constexpr Milliseconds kill_limit = 10000;
/// The tuner's death is also looked for, in case another process holds its end of the socket.
constexpr Milliseconds parent_check = 500;
constexpr Milliseconds kill_interval = 20;
/// More than any status takes.
constexpr off_t status_bytes = 512;

Milliseconds clock_now(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return Milliseconds(time.tv_sec) * 1000 + time.tv_nsec / 1000000;
}

Milliseconds now() { return clock_now(CLOCK_MONOTONIC); }

struct Arguments {
  pid_t parent;
  Milliseconds grace;
  Milliseconds short_grace;
  std::uint64_t max_log_bytes;
  std::string attempt;
  const char* folder;
  char** command;
};

void close_inherited() {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 3U, ~0U, 0U) == 0) return;
#endif
  const long limit = sysconf(_SC_OPEN_MAX);
  for (int file = 3; file < limit; ++file) close(file);
}

int open_draft(const std::string& path) {
  return open((path + ".new").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

/// Room for a file that write_file is going to write, even when the disk is full by then.
bool reserve_file(const std::string& path, off_t size) {
  const int file = open_draft(path);
  if (file < 0) return false;
  const int error = posix_fallocate(file, 0, size);
  return close(file) == 0 && error == 0;
}

bool write_file(const std::string& path, const std::string& text) {
  const int file = open_draft(path);
  if (file < 0) return false;
  const bool whole = write(file, text.data(), text.size()) == ssize_t(text.size()) &&
                     ftruncate(file, off_t(text.size())) == 0;
  return close(file) == 0 && whole && rename((path + ".new").c_str(), path.c_str()) == 0;
}

class Launcher {
 public:
  explicit Launcher(const Arguments& arguments) : arguments_(arguments) {}

  int run() {
    const std::string status_file = arguments_.attempt + ".status";
    if (!reserve_file(status_file, status_bytes)) return 1;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t handled;
    sigemptyset(&handled);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT}) sigaddset(&handled, signal);
    sigprocmask(SIG_BLOCK, &handled, nullptr);
    signals_ = signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK);
    fcntl(tuner_socket, F_SETFL, fcntl(tuner_socket, F_GETFL) | O_NONBLOCK);

    status_.started = clock_now(CLOCK_REALTIME);
    const int output_pipe = start_script();
    LauncherOutput output(output_pipe, log_file, tuner_socket, arguments_.max_log_bytes);
    if (status_.start_error == 0) {
      record_processes();
      guard(output);
    }
    kill_everything();
    drain(output);
    output.finish_log();

    status_.ended = clock_now(CLOCK_REALTIME);
    status_.output_bytes = output.bytes();
    status_.log_error = output.log_error();
    const bool written = write_file(status_file, format_status(status_));
    unlink((arguments_.attempt + ".pid").c_str());
    return written ? 0 : 1;
  }

 private:
  /// Returns the reading end of the script's output.
  int start_script() {
    int output[2] = {-1, -1};
    int failure[2] = {-1, -1};
    if (pipe2(output, O_CLOEXEC) != 0 || pipe2(failure, O_CLOEXEC) != 0) {
      not_started(errno);
      return -1;
    }
    fcntl(output[0], F_SETFL, O_NONBLOCK);
    const pid_t launcher = getpid();
    script_ = fork();
    if (script_ < 0) {
      not_started(errno);
      return output[0];
    }
    if (script_ == 0) become_script(launcher, output[1], failure[1]);
    close(output[1]);
    close(failure[1]);
    int error = 0;
    if (read(failure[0], &error, sizeof error) == ssize_t(sizeof error)) {
      waitpid(script_, nullptr, 0);
      not_started(error);
    }
    close(failure[0]);
    return output[0];
  }

  void not_started(int error) {
    status_.cause = EndCause::not_started;
    status_.start_error = error;
  }

  [[noreturn]] void become_script(pid_t launcher, int output, int failure) {
    setsid();
    // Also when this launcher is killed the script does not go on unguarded.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != launcher) _exit(127);
    for (int number = 1; number <= SIGRTMAX; ++number) signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0 && dup2(nothing, 0) == 0 && dup2(output, 1) == 1 && dup2(output, 2) == 2 &&
        chdir(arguments_.folder) == 0) {
      // Not execvp: that hands a file without "#!" to a shell.
      execv(arguments_.command[0], arguments_.command);
    }
    const int error = errno;
    const ssize_t ignored = write(failure, &error, sizeof error);
    _exit(ignored == 0 ? 126 : 127);
  }

  void record_processes() const {
    std::string text = "boot " + boot_id() + "\n";
    for (const pid_t pid : {getpid(), script_}) {
      const std::optional<ProcessInfo> info = process_info(pid);
      if (info) text += std::to_string(pid) + " " + std::to_string(info->started) + "\n";
    }
    write_file(arguments_.attempt + ".pid", text);
  }

  void guard(LauncherOutput& output) {
    for (;;) {
      reap();
      if (getppid() != arguments_.parent) lose_tuner(output);
      const Milliseconds time = now();
      if (over(output, time)) return;
      if (kill_at_ && time >= *kill_at_) kill_descendants();
      wait_for_news(output, time);
    }
  }

  /// The script has ended; so has its output, or it was waited for long enough; and after a request
  /// to end, its group had its grace (a shell dies at once where its child saves a checkpoint).
  bool over(const LauncherOutput& output, Milliseconds time) const {
    if (!drain_until_) return false;
    if (kill_at_ && time < *kill_at_ && kill(-script_, 0) == 0) return false;
    return !output.pipe_open() || time >= *drain_until_;
  }

  void wait_for_news(LauncherOutput& output, Milliseconds time) {
    Milliseconds wake = time + parent_check;
    if (kill_at_) wake = std::min(wake, std::max(*kill_at_, time + kill_interval));
    if (drain_until_) wake = std::min(wake, std::max(*drain_until_, time + kill_interval));
    // Members of the group are not our children while their parents live: their end is looked for.
    if (drain_until_ && kill_at_) wake = std::min(wake, time + kill_interval);
    pollfd files[3] = {{signals_, POLLIN, 0}, {-1, POLLIN, 0}, {-1, POLLIN, 0}};
    if (socket_open_) {
      files[1].fd = tuner_socket;
      if (output.pending()) files[1].events = POLLIN | POLLOUT;
    }
    if (output.pipe_open() && !output.pending()) files[2].fd = output.pipe();
    if (poll(files, 3, int(wake - time)) <= 0) return;
    if (files[0].revents != 0) read_signals();
    if ((files[1].revents & POLLOUT) != 0) output.forward();
    if ((files[1].revents & ~POLLOUT) != 0) read_requests(output);
    if (files[2].revents != 0) output.read_some();
  }

  void read_signals() {
    signalfd_siginfo info{};
    while (read(signals_, &info, sizeof info) == ssize_t(sizeof info)) {
      if (info.ssi_signo == SIGTERM) end(EndCause::tuner_gone);
      if (info.ssi_signo == SIGINT) {
        end(EndCause::tuner_gone);
        kill_at_ = now();
      }
    }
  }

  void read_requests(LauncherOutput& output) {
    char requests[64];
    const ssize_t count = recv(tuner_socket, requests, sizeof requests, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
      lose_tuner(output);
      return;
    }
    for (ssize_t i = 0; i < count; ++i) end(static_cast<EndCause>(requests[i]));
  }

  void lose_tuner(LauncherOutput& output) {
    socket_open_ = false;
    output.tuner_gone();
    end(EndCause::tuner_gone);
  }

  /// Asks the script to end, once; a later request can only shorten the time it has. A script that
  /// has ended by itself keeps that as its cause.
  void end(EndCause cause) {
    reap();
    const bool gone = cause == EndCause::tuner_gone;
    const Milliseconds deadline =
        now() + (gone ? std::min(arguments_.grace, arguments_.short_grace) : arguments_.grace);
    if (!kill_at_ && !drain_until_) {
      status_.cause = cause;
      kill(-script_, SIGTERM);
      // A stopped process takes no SIGTERM.
      kill(-script_, SIGCONT);
    }
    if (!drain_until_ || kill_at_) kill_at_ = kill_at_ ? std::min(*kill_at_, deadline) : deadline;
  }

  void reap() {
    for (;;) {
      int state = 0;
      const pid_t pid = waitpid(-1, &state, WNOHANG);
      if (pid <= 0) return;
      if (pid != script_) continue;
      if (WIFEXITED(state)) status_.exit_code = WEXITSTATUS(state);
      if (WIFSIGNALED(state)) status_.signal = WTERMSIG(state);
      drain_until_ = now() + drain_limit;
    }
  }

  static void kill_descendants() {
    for (const pid_t pid : living_descendants(getpid())) kill(pid, SIGKILL);
  }

  /// Until no child is left: orphans of whatever session come to this process, a subreaper.
  void kill_everything() {
    const Milliseconds limit = now() + kill_limit;
    for (;;) {
      int state = 0;
      pid_t pid = 0;
      while ((pid = waitpid(-1, &state, WNOHANG)) > 0) {
      }
      if ((pid < 0 && errno == ECHILD) || now() >= limit) return;
      kill_descendants();
      pollfd wait{signals_, POLLIN, 0};
      poll(&wait, 1, int(kill_interval));
      signalfd_siginfo info{};
      while (read(signals_, &info, sizeof info) > 0) {
      }
    }
  }

  /// What was written before everything ended.
  void drain(LauncherOutput& output) {
    while (output.pipe_open() || output.pending()) {
      if (output.pending()) {
        if (!socket_open_ || getppid() != arguments_.parent) output.tuner_gone();
        pollfd wait{tuner_socket, POLLOUT, 0};
        poll(&wait, 1, int(parent_check));
        output.forward();
        continue;
      }
      const std::uint64_t before = output.bytes();
      output.read_some();
      // Empty, though somebody who could not be killed holds it open.
      if (output.pipe_open() && output.bytes() == before) return;
    }
  }

  const Arguments& arguments_;
  AttemptStatus status_;
  int signals_ = -1;
  pid_t script_ = -1;
  bool socket_open_ = true;
  std::optional<Milliseconds> kill_at_;
  std::optional<Milliseconds> drain_until_;
};

}  // namespace
}  // namespace tunesmith

int main(int argc, char** argv) {
  using namespace tunesmith;
  if (argc < 8) {
    std::fputs("tunesmith-launcher is started by tunesmith's subprocess executor.\n", stderr);
    return 2;
  }
  close_inherited();
  const Arguments arguments{.parent = pid_t(std::atoi(argv[1])),
                            .grace = std::atoll(argv[2]),
                            .short_grace = std::atoll(argv[3]),
                            .max_log_bytes = std::strtoull(argv[4], nullptr, 10),
                            .attempt = argv[5],
                            .folder = argv[6],
                            .command = argv + 7};
  return Launcher(arguments).run();
}
