#include "tunesmith/job.hpp"

#include <utility>

#include "job/amt_job.hpp"
#include "job/execution.hpp"
#include "job/own_job.hpp"

namespace tunesmith {
namespace {

Job read_job(std::string_view text, const JobOptions& options, std::vector<Mistake>& mistakes) {
  const Json json = parse_json(text, mistakes);
  if (json.is_discarded()) return {};
  Job job = is_amt_request(json) ? read_amt_job(json, options, mistakes)
                                 : read_own_job(json, options, mistakes);
  job.executor.base_folder = options.base_folder;
  apply_overrides(options, job);
  return job;
}

}  // namespace

std::vector<Mistake> validate_job(std::string_view json, const JobOptions& options) {
  std::vector<Mistake> mistakes;
  read_job(json, options, mistakes);
  return mistakes;
}

Job load_job(std::string_view json, const JobOptions& options) {
  std::vector<Mistake> mistakes;
  Job job = read_job(json, options, mistakes);
  if (!mistakes.empty()) throw Error(ErrorCode::invalid_job, std::move(mistakes));
  return job;
}

}  // namespace tunesmith
