#pragma once

#include <string>

#include "tunesmith/trial.hpp"

namespace tunesmith {

/// Where the files of one trial lie. All names come from numbers, never from users' text.
class TrialFolder {
 public:
  /// `folder` is SubprocessOptions::folder.
  TrialFolder(const std::string& folder, TrialId trial);

  /// "trial-0007".
  const std::string& name() const { return name_; }
  const std::string& path() const { return path_; }
  /// The script's current folder.
  std::string work() const { return path_ + "/work"; }
  std::string input() const { return path_ + "/input"; }
  std::string config() const { return path_ + "/input/config"; }
  std::string model() const { return path_ + "/model"; }
  std::string output() const { return path_ + "/output"; }
  std::string output_data() const { return path_ + "/output/data"; }
  std::string intermediate() const { return path_ + "/output/intermediate"; }
  std::string checkpoints() const { return path_ + "/checkpoints"; }
  /// Where a script may leave why it failed.
  std::string failure() const { return path_ + "/output/failure"; }
  /// ".log", ".status" and ".pid" are appended to it.
  std::string attempt(int attempt) const { return path_ + "/attempt-" + std::to_string(attempt); }
  /// The log of the latest attempt; empty where there is none.
  std::string latest_log() const;

  /// Makes what is missing, for nobody else to read. The first attempt of a trial begins empty;
  /// later ones find checkpoints and outputs of the earlier. Throws Error{executor_failed}.
  void prepare(int attempt) const;
  /// Whether an attempt left anything to go on from.
  bool has_checkpoints() const;
  /// Removes the checkpoints.
  void retire() const noexcept;
  /// Removes what the trial made, but not its logs and its input.
  void discard() const noexcept;

 private:
  std::string name_;
  std::string path_;
};

/// The whole file, at most `limit` bytes; empty where it cannot be read.
std::string read_file(const std::string& path, std::size_t limit = 1 << 20);

}  // namespace tunesmith
