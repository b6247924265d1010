#pragma once

#include <vector>

#include "core/json.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {

/// Reads a job of tunesmith's own schema. The job is usable where no mistake was added.
Job read_own_job(const Json& json, const JobOptions& options, std::vector<Mistake>& mistakes);

}  // namespace tunesmith
