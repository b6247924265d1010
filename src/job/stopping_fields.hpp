#pragma once

#include <string>
#include <vector>

#include "core/json_reader.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {

/// Reads "stopping_rules", which are added to the job's, "self_check" and "on_notice". Used for
/// tunesmith's own jobs and for the "tunesmith" block of a SageMaker request. A relative program
/// starts at `base_folder`.
void read_stopping(ObjectReader& reader, const std::string& base_folder, Job& job,
                   std::vector<Mistake>& mistakes);

}  // namespace tunesmith
