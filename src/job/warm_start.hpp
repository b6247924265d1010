#pragma once

#include <string>
#include <vector>

#include "core/json_reader.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {

/// Reads "warm_start": a list of names of earlier studies, or of {"study", "store"}.
void read_warm_start(ObjectReader& reader, const std::string& base_folder, Job& job,
                     std::vector<Mistake>& mistakes);

/// An earlier study that is named and nothing more; `path` is where.
EarlierStudy study_by_name(const std::string& name, const std::string& base_folder,
                           std::string path);

/// The job's earlier studies, unless its own has begun and so has them on record. Throws
/// Error{invalid_job} with the path of each that is not to be found.
std::vector<StudyView> earlier_studies(const Job& job, Store& own);

}  // namespace tunesmith
