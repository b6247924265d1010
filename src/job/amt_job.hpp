#pragma once

#include <vector>

#include "core/json.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {

/// Whether a document is a CreateHyperParameterTuningJob request rather than a job of our own.
bool is_amt_request(const Json& json);

/// Reads SageMaker's CreateHyperParameterTuningJob request. The job is usable where no mistake was
/// added.
Job read_amt_job(const Json& json, const JobOptions& options, std::vector<Mistake>& mistakes);

}  // namespace tunesmith
