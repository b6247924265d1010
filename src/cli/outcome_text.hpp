#pragma once

#include <functional>
#include <string>

#include "tunesmith/job.hpp"

namespace tunesmith::cli {

/// Finds a trial's log; empty where there is none.
using FindLog = std::function<std::string(TrialId)>;

/// The last lines of a file, printable, each with `indent` before it.
std::string tail_of(const std::string& path, std::size_t lines, const std::string& indent);

/// Where the log of each trial lies; of many trials only those a person looks for.
std::string logs_text(const StudyView& view, const std::string& trials_folder,
                      const FindLog& find_log);

/// The end of the output of the last trials that failed.
std::string failures_text(const StudyView& view, const FindLog& find_log);

/// A shell script that runs a trial's configuration again, with everything its environment needs,
/// in `folder`, so that nothing of the trial is overwritten.
std::string rerun_script(const Job& job, const Trial& trial, const std::string& folder);
/// Its command alone, for people to read.
std::string rerun_command(const Job& job, const Trial& trial);

}  // namespace tunesmith::cli
