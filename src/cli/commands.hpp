#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/job_file.hpp"

namespace tunesmith::cli {

struct RunOptions {
  std::string job = {};
  std::string store = {};
  std::string command = {};
  /// "name=path".
  std::vector<std::string> channels = {};
  std::optional<int> max_parallel = {};
  std::optional<std::int64_t> max_trials = {};
  bool dry_run = false;
};

/// A study to look at: a job file, or a store and a name.
struct TargetOptions {
  std::string job = {};
  std::string store = {};
  std::string study = {};
};

struct MetricsTestOptions {
  std::string regex = {};
  std::string resource_regex = {};
  /// "-": standard input.
  std::string file = {};
};

struct PlanOptions {
  std::string job = {};
  /// File of recorded curves.
  std::string curves = {};
  /// Empty: the job's, and random.
  std::vector<std::string> strategies = {};
  /// Empty: the job's.
  std::vector<int> workers = {};
  /// Each a budget of its own; both empty: the job's.
  std::vector<std::int64_t> max_trials = {};
  std::vector<double> max_time = {};
  int seeds = 5;
  bool json = false;
};

/// Each prints to standard output, problems to standard error, and answers the exit code. They
/// throw what the library throws; app.cpp turns it into words.
int run_command(const RunOptions& options);
int validate_command(const std::string& job, bool strict_amt);
int show_command(const TargetOptions& options);
int best_command(const TargetOptions& options);
/// `format`: "table", "csv", "json" or "curves".
int trials_command(const TargetOptions& options, const std::string& format);
int stop_command(const TargetOptions& options);
int metrics_test_command(const MetricsTestOptions& options);
int plan_command(const PlanOptions& options);
int schema_command();

/// Exit code of an error, after printing it: every mistake on a line of its own.
int explain(const Error& error);

}  // namespace tunesmith::cli
