#include "executor/attempt.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "executor/spawn.hpp"
#include "tunesmith/error.hpp"

namespace tunesmith {
namespace {

/// Of one attempt in one go, so that a flood of output does not keep the others waiting.
constexpr int reads_per_turn = 8;

[[noreturn]] void give_up(const std::string& what, int error) {
  throw Error(ErrorCode::executor_failed, what + ": " + std::generic_category().message(error));
}

/// Out of the range that posix_spawn's file actions overwrite.
Descriptor above_standard(int number, const std::string& what) {
  if (number < 0) give_up(what, errno);
  if (number > 2) return Descriptor(number);
  const int moved = fcntl(number, F_DUPFD_CLOEXEC, 3);
  const int error = errno;
  close(number);
  if (moved < 0) give_up(what, error);
  return Descriptor(moved);
}

std::string milliseconds(Seconds seconds) {
  // 30 days: more than anybody waits, and far from overflowing.
  const double limited = std::min(std::max(seconds.count(), 0.0), 30.0 * 86400);
  return std::to_string(static_cast<std::int64_t>(limited * 1000));
}

pid_t start_launcher(const AttemptPlan& plan, const TrialFolder& folder, int attempt, int socket,
                     int log) {
  std::vector<std::string> command = {plan.launcher,
                                      std::to_string(getpid()),
                                      milliseconds(plan.grace),
                                      milliseconds(short_grace),
                                      std::to_string(plan.max_log_bytes),
                                      folder.attempt(attempt),
                                      folder.work()};
  command.insert(command.end(), plan.arguments.begin(), plan.arguments.end());
  pid_t pid = -1;
  const int error = spawn({.command = std::move(command),
                           .environment = environment_with(plan.environment),
                           .input = socket,
                           .output = log},
                          pid);
  if (error != 0) give_up("cannot start " + plan.launcher, error);
  return pid;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Attempt::Attempt(const AttemptPlan& plan, const TrialFolder& folder, const TrialRun& run, int slot,
                 OutputReader output, TrialReporter reporter)
    : folder_(folder),
      run_(run),
      slot_(slot),
      output_(std::move(output)),
      reporter_(std::move(reporter)),
      knows_until_(plan.knows_until),
      grace_(plan.grace) {
  const std::string path = folder.attempt(run.attempt) + ".log";
  const Descriptor log = above_standard(
      open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600),
      "cannot write " + path);
  // The lock goes on to the launcher with the descriptor and lives exactly as long as that.
  if (flock(log.number(), LOCK_EX | LOCK_NB) != 0) give_up("cannot lock " + path, errno);
  std::array<int, 2> ends = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    give_up("cannot make a socket", errno);
  Descriptor theirs(ends[1]);
  socket_ = above_standard(ends[0], "cannot make a socket");
  theirs = above_standard(theirs.release(), "cannot make a socket");
  launcher_ = start_launcher(plan, folder, run.attempt, theirs.number(), log.number());
  started_ = last_output_ = SteadyClock::now();
}

void Attempt::ask_to_end(EndCause cause) noexcept {
  ending_ = true;
  const char request = static_cast<char>(cause);
  while (send(socket_.number(), &request, 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && errno == EINTR) {
  }
}

void Attempt::let_end() noexcept {
  if (end_by_.load() != SteadyClock::time_point::max()) return;
  const Seconds spent = SteadyClock::now() - started_;
  const Seconds pace = spent / std::max(1, levels_.load());
  const Seconds patience =
      std::min(std::max(pace / 4, Seconds(1)), std::min(grace_, Seconds(3600)));
  end_by_ = SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(patience);
}

void Attempt::heed(Decision decision) {
  levels_ = output_.levels();
  if (decision == Decision::keep_going || ending_) return;
  const double highest = output_.highest().value_or(0);
  const bool short_of_it = highest < run_.until;
  if (highest > run_.until || (decision == Decision::stop && short_of_it)) {
    ask_to_end(EndCause::stopped);
  } else if (short_of_it || !knows_until_) {
    let_end();
  }
}

bool Attempt::has_news() const {
  pollfd file{socket_.number(), POLLIN, 0};
  return poll(&file, 1, 0) != 0;
}

bool Attempt::pump() {
  std::array<char, 65536> bytes;
  for (int turn = 0; turn < reads_per_turn; ++turn) {
    const ssize_t count = recv(socket_.number(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count > 0) {
      last_output_ = SteadyClock::now();
      const std::string_view text(bytes.data(), static_cast<std::size_t>(count));
      heed(output_.feed(text));
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      return false;
    } else if (errno == EAGAIN) {
      return true;
    }
  }
  return true;
}

std::optional<AttemptStatus> Attempt::conclude() {
  // The host may have reaped it (a waitpid(-1) of its own): the status file is what counts.
  int state = 0;
  pid_t reaped = 0;
  while ((reaped = waitpid(launcher_, &state, 0)) < 0 && errno == EINTR) {
  }
  if (reaped == launcher_) launcher_end_ = state;
  output_.finish();
  return parse_status(read_file(folder_.attempt(run_.attempt) + ".status"));
}

std::string Attempt::why_lost() const {
  if (!launcher_end_ || !WIFEXITED(*launcher_end_)) return "its launcher was killed";
  return "its launcher could not write " + folder_.attempt(run_.attempt) +
         ".status; is the disk full?";
}

}  // namespace tunesmith
