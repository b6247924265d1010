#include <unistd.h>

#include <filesystem>

#include "samples.hpp"
#include "support/catch.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {
namespace {

Json echo_job() {
  return test::parsed(R"json({
    "name": "echo",
    "command": ["/bin/echo", "loss=0.25"],
    "parameters": {"x": {"type": "categorical", "values": [1, 2, 3]}},
    "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
    "objective": {"metric": "loss"},
    "strategy": "grid",
    "budget": {"max_trials": 2}
  })json");
}

Job load(const Json& json) {
  Job job = load_job(json_text(json));
  job.executor.folder =
      (std::filesystem::temp_directory_path() / ("tunesmith-open-job-" + std::to_string(getpid())))
          .string();
  return job;
}

std::string first_path(const Job& job) {
  try {
    open_job(job, open_store("memory:"));
  } catch (const Error& error) {
    return error.mistakes().empty() ? "no path" : error.mistakes().front().path;
  }
  return "nothing";
}

}  // namespace

TEST_CASE("open_job: a job runs to its budget, and goes on with a larger one") {
  const auto store = open_store("memory:");
  Job job = load(echo_job());
  {
    OpenedJob opened = open_job(job, store);
    const TuningResult result = opened.tuner->run();
    CHECK(result.reason == EndReason::trials_spent);
    CHECK(result.view.count(TrialState::completed) == 2);
    REQUIRE(result.view.best());
    CHECK(result.view.objective(result.view.trial(*result.view.best())) == 0.25);
  }
  job.budget.max_trials = 10;
  OpenedJob opened = open_job(job, store);
  const TuningResult result = opened.tuner->run();
  CHECK(result.reason == EndReason::exhausted);
  CHECK(result.view.size() == 3);
  std::filesystem::remove_all(job.executor.folder);
}

TEST_CASE("open_job: refuses what cannot run, with paths") {
  Job job = load(echo_job());
  job.executor.command.clear();
  CHECK(first_path(job) == "/command");
  job = load(echo_job());
  job.unsupported = {{"/WarmStartConfig", "this version cannot run warm start", "left out"}};
  CHECK(first_path(job) == "/WarmStartConfig");
}

TEST_CASE("open_job: a changed problem is not the study's") {
  const auto store = open_store("memory:");
  open_job(load(echo_job()), store);
  const Json changed = test::changed(echo_job(), "/objective/goal", "\"maximize\"");
  try {
    open_job(load(changed), store);
    FAIL("a changed problem was taken");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::study_mismatch);
    CHECK(error.mistakes().size() == 1);
  }
}

}  // namespace tunesmith
