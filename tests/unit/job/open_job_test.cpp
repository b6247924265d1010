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

TEST_CASE("open_job: a share of the trials that rules would stop runs on, and is told of") {
  Json json = echo_job();
  // Later configurations are worse from the first level on.
  json["command"] = {"/bin/sh", "-c", "for i in 1 2 3; do echo loss=$2; done", "sh"};
  json["parameters"]["x"]["values"] = {1, 2, 3, 4};
  json["stopping_rules"] = test::parsed(R"([{"name": "median", "min_trials": 1}])");
  json["self_check"]["share"] = 1;
  json["budget"]["max_trials"] = 4;
  const Job job = load(json);
  const TuningResult result = [&] {
    const OpenedJob opened = open_job(job, open_store("memory:"));
    return opened.tuner->run();
  }();
  CHECK(result.view.count(TrialState::completed) == 4);
  CHECK_THAT(result.report(), Catch::Contains("self_check: was to be stopped at 1, ran on"));
  std::filesystem::remove_all(job.executor.folder);
}

TEST_CASE("open_job: earlier studies are found by name, read once, and missed with their path") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("tunesmith-warm-start-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder / "beside.tunesmith");
  const auto tell_one = [](const std::shared_ptr<Store>& store, const std::string& name) {
    Study study({.name = name, .problem = load(echo_job()).problem, .store = store});
    study.tell(*study.ask(), 0.5);
  };
  const auto store = open_store("memory:");
  tell_one(store, "same");
  tell_one(open_store("sqlite:" + (folder / "beside.tunesmith/study.db").string()), "beside");
  tell_one(open_store("sqlite:" + (folder / "other.db").string()), "old");
  const auto load_here = [&](const char* warm_start) {
    Job job = load_job(json_text(test::changed(echo_job(), "/warm_start", warm_start)),
                       {.base_folder = folder.string()});
    job.executor.folder = (folder / "trials").string();
    return job;
  };
  const char* three = R"(["same", "beside", {"study": "old", "store": "sqlite:other.db"}])";
  CHECK(open_job(load_here(three), store).study->view().parents().size() == 3);

  const Job missing = load_here(
      R"(["same", "none", {"study": "same", "store": "sqlite:other.db"}, {"study": "s", "store": "sqlite:no.db"}])");
  try {
    open_job(missing, open_store("memory:"));
    FAIL("parents that are not there were found");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_job);
    REQUIRE(error.mistakes().size() == 4);
    CHECK(error.mistakes()[1].path == "/warm_start/1");
    CHECK(error.mistakes()[2].path == "/warm_start/2");
  }
  CHECK_FALSE(std::filesystem::exists(folder / "no.db"));

  // What has begun needs them no more.
  std::filesystem::remove_all(folder);
  CHECK(open_job(load_here(three), store).study->view().parents().size() == 3);
}

}  // namespace tunesmith
