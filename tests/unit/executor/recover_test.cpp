#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "support/catch.hpp"
#include "unit/executor/script_fixture.hpp"

namespace tunesmith {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using testing::ScriptFixture;

/// A tuner's process: runs the fixture's trial until it is killed.
pid_t start_host(const ScriptFixture& fixture) {
  const pid_t host = fork();
  if (host != 0) return host;
  execl(TUNESMITH_TEST_HOST, TUNESMITH_TEST_HOST, fixture.folder().c_str(),
        fixture.options.command[0].c_str(), static_cast<char*>(nullptr));
  _exit(127);
}

void kill_host(pid_t host) {
  kill(host, SIGKILL);
  waitpid(host, nullptr, 0);
}

bool nothing_survives(const ScriptFixture& fixture) {
  for (int i = 0; i < 1000; ++i) {
    if (fixture.survivors().empty()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

Recovery recover(ScriptFixture& fixture) {
  const TrialRun run = ScriptFixture::run_of(0);
  return fixture.executor().recover(run, "", TrialReporter(fixture.sink, run));
}

TEST_CASE("When the tuner's process is killed, everything it started ends") {
  ScriptFixture fixture(
      "setsid sh -c 'trap \"\" TERM; touch up; sleep 1000; :' &\n"
      "while [ ! -e up ]; do sleep 0.01; done; echo 'loss: 0.5'; touch ready; sleep 1000");
  const pid_t host = start_host(fixture);
  REQUIRE(ScriptFixture::appears(fixture.trial_path(0) + "/work/ready"));
  CHECK(fixture.survivors().size() >= 3);
  kill_host(host);
  SECTION("by itself") { CHECK(nothing_survives(fixture)); }
  SECTION("before recover says that the trial is gone") {
    CHECK(recover(fixture) == Recovery::gone);
    CHECK(fixture.survivors().empty());
    CHECK(fixture.sink->results_of(0) == 0);
  }
}

TEST_CASE("A trial that saves its work when its tuner dies is not taken for finished") {
  ScriptFixture fixture(
      "trap 'touch saved; exit 0' TERM\n"
      "echo 'loss: 0.5'; touch ready; while :; do sleep 0.01; done");
  const pid_t host = start_host(fixture);
  REQUIRE(ScriptFixture::appears(fixture.trial_path(0) + "/work/ready"));
  kill_host(host);
  CHECK(recover(fixture) == Recovery::gone);
  CHECK(fs::exists(fixture.trial_path(0) + "/work/saved"));
}

TEST_CASE("A trial that had finished when its tuner died is harvested") {
  std::string end = "exit 0";
  SECTION("when it ended well") {}
  SECTION("when it failed") { end = "echo 'bad luck'; exit 3"; }
  ScriptFixture fixture("echo 'loss: 0.5'; printf 'loss: 0.25'; " + end);
  const pid_t host = start_host(fixture);
  REQUIRE(ScriptFixture::appears(fixture.trial_path(0) + "/attempt-1.status"));
  kill_host(host);
  REQUIRE(recover(fixture) == Recovery::finished);
  const TrialResult result = fixture.sink->result(0);
  if (end == "exit 0") {
    CHECK(result.outcome == Outcome::completed);
    CHECK(fixture.sink->reports(0).size() == 2);
  } else {
    CHECK(result.outcome == Outcome::failed);
    CHECK_THAT(result.reason, Contains("exit status 3") && Contains("bad luck"));
  }
}

TEST_CASE("What recover finds broken is gone") {
  ScriptFixture fixture("echo 'loss: 1'");
  const std::string status = fixture.trial_path(0) + "/attempt-1.status";
  SECTION("nothing at all") { CHECK(recover(fixture) == Recovery::gone); }
  SECTION("a folder without a status") {
    fixture.run();
    fs::remove(status);
    CHECK(recover(fixture) == Recovery::gone);
  }
  SECTION("half a status") {
    fixture.run();
    testing::write_text(status, "tunesmith-attempt 1\ncause e\n");
    CHECK(recover(fixture) == Recovery::gone);
  }
  SECTION("an attempt that was stopped for its tuner's sake") {
    fixture.run();
    testing::write_text(status, "tunesmith-attempt 1\ncause s\nexit_code 0\nend\n");
    CHECK(recover(fixture) == Recovery::gone);
  }
}

TEST_CASE("A record of another start of the machine harms nobody") {
  ScriptFixture fixture("echo 'loss: 1'");
  fixture.run();
  fs::remove(fixture.trial_path(0) + "/attempt-1.status");
  const pid_t bystander = fork();
  if (bystander == 0) {
    pause();
    _exit(0);
  }
  testing::write_text(fixture.trial_path(0) + "/attempt-1.pid",
                      "boot another\n" + std::to_string(bystander) + " 1\n");
  CHECK(recover(fixture) == Recovery::gone);
  CHECK(waitpid(bystander, nullptr, WNOHANG) == 0);
  kill(bystander, SIGKILL);
  waitpid(bystander, nullptr, 0);
}

}  // namespace
}  // namespace tunesmith
