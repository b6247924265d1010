#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "executor/process_table.hpp"
#include "support/catch.hpp"
#include "unit/executor/script_fixture.hpp"

namespace tunesmith {
namespace {

using Catch::Matchers::Contains;
using testing::read_text;
using testing::ScriptFixture;

/// Resident memory of this process, in KiB.
long resident() {
  std::ifstream file("/proc/self/statm");
  long total = 0;
  long pages = 0;
  file >> total >> pages;
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

TEST_CASE("A script that ignores SIGTERM is killed after the grace") {
  ScriptFixture fixture("trap '' TERM; echo 'loss: 0.5'; while :; do sleep 0.05; done");
  fixture.options.grace = Seconds(0.2);
  fixture.start(0);
  fixture.sink->reports(0, 1);
  fixture.executor().request_stop(ScriptFixture::run_of(0));
  CHECK(fixture.sink->result(0).outcome == Outcome::stopped);
  CHECK(fixture.survivors().empty());
}

TEST_CASE("What a shell started keeps its grace when the shell is gone") {
  ScriptFixture fixture(
      "python3 -u -c \"\n"
      "import signal, time\n"
      "def end(*_):\n"
      "    time.sleep(0.3)\n"
      "    print('loss: 0.25')\n"
      "    raise SystemExit\n"
      "signal.signal(signal.SIGTERM, end)\n"
      "print('loss: 0.5')\n"
      "time.sleep(1000)\"");
  fixture.start(0);
  fixture.sink->reports(0, 1);
  fixture.executor().request_stop(ScriptFixture::run_of(0));
  CHECK(fixture.sink->result(0).outcome == Outcome::stopped);
  CHECK(fixture.sink->reports(0).size() == 2);
}

TEST_CASE("Nothing that a script started outlives it") {
  const std::string wait = "while [ ! -e up ]; do sleep 0.01; done; echo 'loss: 1'";
  SECTION("in the background") {
    ScriptFixture fixture("(touch up; sleep 1000) > /dev/null 2>&1 & " + wait);
    CHECK(fixture.run().outcome == Outcome::completed);
    CHECK(fixture.survivors().empty());
  }
  SECTION("in a session of its own") {
    ScriptFixture fixture("setsid sh -c 'trap \"\" TERM HUP; touch up; sleep 1000; :' & " + wait);
    CHECK(fixture.run().outcome == Outcome::completed);
    CHECK(fixture.survivors().empty());
  }
  SECTION("as a daemon whose parents are gone, when it is stopped") {
    ScriptFixture fixture("(setsid sh -c '(trap \"\" TERM; touch up; sleep 1000; :) &' &) ; " +
                          wait + "; sleep 1000");
    fixture.start(0);
    fixture.sink->reports(0, 1);
    CHECK(fixture.survivors().size() >= 2);
    fixture.executor().request_stop(ScriptFixture::run_of(0));
    CHECK(fixture.sink->result(0).outcome == Outcome::stopped);
    CHECK(fixture.survivors().empty());
  }
}

TEST_CASE("A background process that holds the output open does not hold the trial open") {
  ScriptFixture fixture("sleep 1000 & echo 'loss: 1'; exit 0");
  CHECK(fixture.run().outcome == Outcome::completed);
  CHECK(fixture.sink->reports(0).size() == 1);
  CHECK(fixture.survivors().empty());
}

TEST_CASE("The executor's end is the end of its trials, without a result") {
  ScriptFixture fixture("trap '' TERM; echo 'loss: 0.5'; while :; do sleep 0.05; done");
  fixture.options.grace = Seconds(0.1);
  fixture.options.max_parallel = 2;
  fixture.start(0);
  fixture.start(1);
  fixture.sink->reports(0, 1);
  fixture.sink->reports(1, 1);
  fixture.end_executor();
  CHECK(fixture.survivors().empty());
  CHECK(fixture.sink->results_of(0) == 0);
  CHECK(fixture.sink->results_of(1) == 0);
}

TEST_CASE("A launcher that is killed takes its script with it, and the trial is lost") {
  ScriptFixture fixture(
      "setsid sh -c 'touch up; sleep 1000' & while [ ! -e up ]; do sleep 0.01; done\n"
      "echo 'loss: 0.5'; sleep 1000");
  fixture.start(0);
  fixture.sink->reports(0, 1);
  REQUIRE(ScriptFixture::appears(fixture.trial_path(0) + "/attempt-1.pid"));
  std::istringstream record(read_text(fixture.trial_path(0) + "/attempt-1.pid"));
  std::string word;
  std::string boot;
  pid_t launcher = 0;
  record >> word >> boot >> launcher;
  REQUIRE(launcher > 0);
  kill(launcher, SIGKILL);
  const TrialResult result = fixture.sink->result(0);
  CHECK(result.outcome == Outcome::lost);
  CHECK_THAT(result.reason, Contains("launcher"));
  CHECK(fixture.survivors().empty());
}

TEST_CASE("A flood of output neither fills memory nor loses what comes after it") {
  ScriptFixture fixture(
      "echo 'loss: 0.5'; head -c 100000000 /dev/zero; echo; yes | head -c 20000000\n"
      "echo; echo 'loss: 0.25'");
  fixture.options.max_log_bytes = 100000;
  const long before = resident();
  REQUIRE(fixture.run().outcome == Outcome::completed);
  CHECK(resident() - before < 32 * 1024);
  const std::vector<Report> reports = fixture.sink->reports(0);
  REQUIRE(reports.size() == 2);
  CHECK(reports[1].metrics.at("loss") == 0.25);
  const std::string log = read_text(fixture.executor().describe(0));
  CHECK(log.size() < 120000);
  CHECK_THAT(log, Contains("output left out here"));
  CHECK(log.ends_with("loss: 0.25\n"));
}

TEST_CASE("A log that cannot be written costs no metrics") {
  ScriptFixture fixture("ulimit -f 0 2> /dev/null; echo 'loss: 1'");
  std::string warnings;
  fixture.options.max_log_bytes = 0;
  CHECK(fixture.run().outcome == Outcome::completed);
  CHECK(read_text(fixture.executor().describe(0)) == "loss: 1\n");
}

}  // namespace
}  // namespace tunesmith
