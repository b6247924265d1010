#include "job/notice_sender.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "core/json.hpp"
#include "executor/spawn.hpp"

namespace tunesmith {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds longest_command{30};
constexpr std::chrono::seconds longest_farewell{10};
constexpr std::chrono::milliseconds look_interval{20};

std::vector<std::string> command_of(const NoticeReceiver& wanted) {
  if (!wanted.command.empty()) return wanted.command;
  // -q: no configuration file of the user's has a say.
  return {"curl",          "-q", "-fsS",
          "--max-time",    "25", "--proto",
          "=http,https",   "-H", "Content-Type: application/json",
          "--data-binary", "@-", "--url",
          wanted.webhook};
}

std::string words(int error) { return std::generic_category().message(error); }

std::string json_of(const Notice& notice, const std::string& study) {
  return json_text({{"study", study},
                    {"trial", notice.trial < 0 ? Json(nullptr) : Json(notice.trial)},
                    {"rule", notice.rule},
                    {"message", notice.message},
                    {"time", notice.time}});
}

std::vector<std::string> environment_of(const Notice& notice, const std::string& study) {
  return environment_with(
      {{"TUNESMITH_STUDY", study},
       {"TUNESMITH_TRIAL", notice.trial < 0 ? "" : std::to_string(notice.trial)},
       {"TUNESMITH_RULE", notice.rule},
       {"TUNESMITH_MESSAGE", notice.message}});
}

/// A file in memory that holds the text; −1: there is none.
int file_of(const std::string& text) {
  const int file = memfd_create("notice", MFD_CLOEXEC);
  if (file < 0) return file;
  const auto length = static_cast<ssize_t>(text.size());
  if (write(file, text.data(), text.size()) != length || lseek(file, 0, SEEK_SET) != 0) {
    close(file);
    return -1;
  }
  return file;
}

/// What was wrong with how it ended; empty: nothing.
std::string wait_for(pid_t pid) {
  const auto deadline = SteadyClock::now() + longest_command;
  int status = 0;
  for (;;) {
    const pid_t ended = waitpid(pid, &status, WNOHANG);
    if (ended == pid) break;
    if (ended < 0 && errno != EINTR) return "";  // the host ignores its children's ends
    if (SteadyClock::now() > deadline) {
      kill(-pid, SIGKILL);
      waitpid(pid, &status, 0);
      return "took longer than " + std::to_string(longest_command.count()) + " s";
    }
    std::this_thread::sleep_for(look_interval);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  if (WIFEXITED(status)) return "exit status " + std::to_string(WEXITSTATUS(status));
  return "ended by signal " + std::to_string(WTERMSIG(status));
}

}  // namespace

NoticeSender::NoticeSender(const NoticeReceiver& wanted, std::string study, LogSink log)
    : command_(command_of(wanted)),
      study_(std::move(study)),
      log_(std::move(log)),
      thread_([this] { work(); }) {}

NoticeSender::~NoticeSender() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  news_.notify_one();
  thread_.join();
}

void NoticeSender::send(const Notice& notice) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(notice);
  }
  news_.notify_one();
}

void NoticeSender::work() {
  std::unique_lock lock(mutex_);
  SteadyClock::time_point last_moment = SteadyClock::time_point::max();
  for (;;) {
    news_.wait(lock, [this] { return closing_ || !waiting_.empty(); });
    if (closing_ && last_moment == SteadyClock::time_point::max()) {
      last_moment = SteadyClock::now() + longest_farewell;
    }
    if (waiting_.empty()) return;
    const Notice notice = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    if (SteadyClock::now() > last_moment) {
      complain(notice, "the job has ended");
    } else {
      run(notice);
    }
    lock.lock();
  }
}

void NoticeSender::run(const Notice& notice) {
  const int input = file_of(json_of(notice, study_));
  if (input < 0) return complain(notice, words(errno));
  pid_t pid = -1;
  const int error = spawn(
      {.command = command_, .environment = environment_of(notice, study_), .input = input}, pid);
  close(input);
  const std::string wrong = error != 0 ? words(error) : wait_for(pid);
  if (!wrong.empty()) complain(notice, wrong);
}

void NoticeSender::complain(const Notice& notice, const std::string& what) const {
  if (!log_) return;
  log_(LogLevel::error,
       "\"" + command_[0] + "\" did not take the notice of " + notice.rule + ": " + what);
}

}  // namespace tunesmith
