#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "executor/attempt_status.hpp"
#include "executor/trial_folder.hpp"
#include "executor/verdict.hpp"

namespace tunesmith {

/// A file descriptor that is closed once.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  int number() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// What to start.
struct AttemptPlan {
  std::string launcher = {};
  std::vector<std::string> arguments = {};
  /// Beside what this process has.
  std::map<std::string, std::string> environment = {};
  Seconds grace = {};
  bool knows_until = false;
  std::size_t max_log_bytes = 0;
};

/// One attempt whose launcher runs, seen from the tuner. `ask_to_end` from any thread, the rest
/// from the one thread that reads.
class Attempt {
 public:
  /// Starts the launcher. Throws Error{executor_failed} with the system's words.
  Attempt(const AttemptPlan& plan, const TrialFolder& folder, const TrialRun& run, int slot,
          OutputReader output, TrialReporter reporter);
  /// The launcher must have ended (pump() said so).
  ~Attempt() = default;

  const TrialRun& run() const { return run_; }
  const TrialFolder& folder() const { return folder_; }
  const OutputReader& output() const { return output_; }
  const TrialReporter& reporter() const { return reporter_; }
  int slot() const { return slot_; }
  pid_t launcher() const { return launcher_; }
  int socket() const { return socket_.number(); }

  /// The first request counts; tuner_gone after another one only shortens the grace.
  void ask_to_end(EndCause cause) noexcept;
  /// Whether the launcher was asked for anything.
  bool ending() const { return ending_; }

  /// Whether something is there for pump().
  bool has_news() const;
  /// Reads a bounded amount of what the script printed. False once the launcher has ended.
  bool pump();
  /// Waits for the launcher's end and reads its status; nothing where it died without leaving one.
  std::optional<AttemptStatus> conclude();
  /// After a conclude() without status: what became of the launcher.
  std::string why_lost() const;

  using SteadyClock = std::chrono::steady_clock;
  SteadyClock::time_point started() const { return started_; }
  SteadyClock::time_point last_output() const { return last_output_; }

  /// Lets the attempt end by itself, which it does where it was told how far to run, and is asked
  /// to otherwise once what it does after a report (writing its checkpoint) may be over.
  void let_end() noexcept;
  /// When it is to be asked to end, after let_end() or a report that called for it.
  SteadyClock::time_point end_by() const { return end_by_.load(); }

 private:
  /// After the tuner's answer to what was just read.
  void heed(Decision decision);

  TrialFolder folder_;
  TrialRun run_;
  int slot_;
  OutputReader output_;
  TrialReporter reporter_;
  Descriptor socket_;
  pid_t launcher_ = -1;
  /// As waitpid gives it; none where the host has reaped it.
  std::optional<int> launcher_end_;
  /// Whether the script knows TrialRun::until as a hyperparameter of its own.
  bool knows_until_;
  Seconds grace_;
  std::atomic<bool> ending_ = false;
  std::atomic<SteadyClock::time_point> end_by_ = SteadyClock::time_point::max();
  std::atomic<int> levels_ = 0;
  SteadyClock::time_point started_;
  SteadyClock::time_point last_output_;
};

/// Grace of trials whose tuner is gone or whose executor is being destroyed, at most.
inline constexpr Seconds short_grace{3};

/// Ends whatever an attempt has left running and waits until it is gone, for a bounded time: lets
/// its launcher do it where one is at work, and does it itself where that was killed.
void end_leftovers(const TrialFolder& folder, int attempt);

}  // namespace tunesmith
