#pragma once

#include <string>
#include <vector>

#include "core/json_reader.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {

/// Reads how trials are run: "command", "channels", "environment", "json_values", "stop_grace",
/// "time_limit", "silence_limit", "keep_best". Used for tunesmith's own jobs and for the
/// "tunesmith" block of a SageMaker request. Relative folders of channels start at `base_folder`.
void read_execution(ObjectReader& reader, const std::string& base_folder, Job& job,
                    std::vector<Mistake>& mistakes);

/// A program with its arguments, as an array of strings.
void read_command(ObjectReader& reader, std::vector<std::string>& words,
                  std::vector<Mistake>& mistakes);

/// Puts what the caller gives from outside (a command line's options) over the job's own.
void apply_overrides(const JobOptions& options, Job& job);

/// `path` as it is where it is absolute, else below `base_folder`.
std::string below(const std::string& base_folder, const std::string& path);

/// Whether a text can name a job: it names the study and a folder, too.
bool is_job_name(const std::string& name);
inline constexpr const char* job_name_words =
    "1 to 100 letters, digits, dots, hyphens and underscores, beginning with a letter or digit";

}  // namespace tunesmith
