#pragma once

namespace tunesmith::cli {

/// What the shell gets; docs/cli.md.
enum ExitCode : int {
  exit_ok = 0,
  /// The job ended without a usable result, nothing was found, or something broke on the way.
  exit_failed = 1,
  /// The job file or the command line is wrong.
  exit_invalid = 2,
  /// Another tuner holds the study.
  exit_busy = 3,
  /// The stored study was made by a different job.
  exit_mismatch = 4,
  /// SIGINT, SIGTERM or SIGHUP.
  exit_interrupted = 130,
};

}  // namespace tunesmith::cli
