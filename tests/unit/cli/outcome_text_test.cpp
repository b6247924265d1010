#include "cli/outcome_text.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "support/catch.hpp"
#include "views.hpp"

namespace tunesmith::cli {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("outcome: the tail of a log is its last lines, made harmless") {
  const std::string path = "/tmp/tunesmith-tail-" + std::to_string(getpid());
  std::ofstream(path) << "one\ntwo\r\nthree \x1b[31m\n" << std::string(1000, 'x');
  const std::string tail = tail_of(path, 3, "> ");
  std::remove(path.c_str());
  CHECK(tail.rfind("> two\n> three \\x1b[31m\n> xxx", 0) == 0);
  CHECK(tail.size() < 300);
  CHECK(tail_of("/nonexistent", 3, "").empty());
}

TEST_CASE("outcome: every trial's log is named, of many trials those that matter") {
  Study study = test::study_of(1, "x");
  const auto log = [](TrialId id) { return "/t/trial-" + std::to_string(id) + "/attempt-1.log"; };
  study.tell(*study.ask(), 0.5);
  study.fail(*study.ask(), "exit status 1");
  std::string text = logs_text(study.view(), "/t", log);
  CHECK(contains(text, "trial 0    completed   trial-0/attempt-1.log  (best)"));
  CHECK(contains(text, "trial 1    failed      trial-1/attempt-1.log"));
  for (int i = 0; i < 50; ++i) study.tell(*study.ask(), 1.0 + i);
  text = logs_text(study.view(), "/t", log);
  CHECK(contains(text, "trial 0 "));
  CHECK(contains(text, "trial 1 "));
  CHECK(contains(text, "and 50 more"));
}

TEST_CASE("outcome: failures are told with their reasons") {
  Study study = test::study_of(1, "x");
  study.fail(*study.ask(), "exit status 1");
  study.fail(*study.ask(), "timed out\x07");
  const std::string text = failures_text(study.view(), [](TrialId) { return std::string(); });
  CHECK(contains(text, "Trial 0 failed: exit status 1\n"));
  CHECK(contains(text, "Trial 1 failed: timed out\\x07\n"));
}

TEST_CASE("outcome: the best can be run again without overwriting its trial") {
  Study study = test::study_of(1, "x");
  study.tell(*study.ask(), 0.5);
  const StudyView view = study.view();
  Job job;
  job.name = "again";
  job.problem = view.problem();
  job.executor.command = {"/bin/echo", "it's"};
  job.executor.folder = "/t/trials";
  job.executor.environment = {{"NOTE", "a b"}};
  const std::string script = rerun_script(job, view.trial(0), "/t/again.best");
  CHECK(script.rfind("#!/bin/sh\n", 0) == 0);
  CHECK(contains(script, "export NOTE='a b'\n"));
  CHECK(contains(script, "'it'\\''s' --epochs 5 --x0 "));
  CHECK(contains(script, "mkdir -p /t/again.best/"));
  CHECK_FALSE(contains(script, "/t/trials"));
  CHECK(contains(rerun_command(job, view.trial(0)), "/bin/echo"));
}

}  // namespace tunesmith::cli
