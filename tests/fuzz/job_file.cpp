// Job files of both forms: every text is refused with paths, or can be loaded.
#include "tunesmith/job.hpp"

#include "fuzz/fuzz.hpp"

using namespace tunesmith;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  for (const bool strict : {false, true}) {
    const JobOptions options{.base_folder = "/jobs", .strict_amt = strict};
    const std::vector<Mistake> mistakes = validate_job(text, options);
    for (const Mistake& mistake : mistakes) {
      fuzz::require(mistake.path.empty() || mistake.path[0] == '/', "a path is a JSON pointer");
      fuzz::require(!mistake.what.empty(), "a mistake is in words");
    }
    try {
      const Job job = load_job(text, options);
      fuzz::require(mistakes.empty(), "what is mistaken is not loaded");
      const std::string problem = to_json(job.problem);
      fuzz::require(to_json(problem_from_json(problem)) == problem, "a problem reads back");
    } catch (const Error& error) {
      fuzz::require(!mistakes.empty(), "what is right is loaded");
      fuzz::require(error.mistakes().size() == mistakes.size(), "loading names the same mistakes");
    }
  }
  return 0;
}
