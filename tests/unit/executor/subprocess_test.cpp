#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "core/json.hpp"
#include "support/catch.hpp"
#include "tunesmith/error.hpp"
#include "unit/executor/script_fixture.hpp"

namespace tunesmith {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using testing::read_text;
using testing::ScriptFixture;

TEST_CASE("A script's metrics are reported and its end is the trial's") {
  ScriptFixture fixture("echo 'loss: 0.5'; echo 'loss: 0.25' >&2; printf 'loss: 0.125'");
  const TrialResult result = fixture.run();
  CHECK(result.outcome == Outcome::completed);
  CHECK(result.reason == "");
  const std::vector<Report> reports = fixture.sink->reports(0);
  REQUIRE(reports.size() == 3);
  CHECK(reports[0].resource == 1);
  CHECK(reports[2].resource == 3);
  CHECK(reports[2].metrics.at("loss") == 0.125);
  CHECK(fixture.executor().describe(0) == fixture.trial_path(0) + "/attempt-1.log");
  CHECK(read_text(fixture.executor().describe(0)) == "loss: 0.5\nloss: 0.25\nloss: 0.125");
  CHECK(fixture.sink->results_of(0) == 1);
}

TEST_CASE("Metrics are reported while the script runs") {
  ScriptFixture fixture("echo 'loss: 0.5'; while [ ! -e ../../../go ]; do sleep 0.01; done");
  fixture.start(0);
  REQUIRE(fixture.sink->reports(0, 1).size() == 1);
  CHECK(fixture.sink->results_of(0) == 0);
  testing::write_text(fixture.folder() + "/go", "");
  CHECK(fixture.sink->result(0).outcome == Outcome::completed);
}

TEST_CASE("How a script fails is told in words") {
  struct Case {
    std::string script;
    std::string words;
  };
  const Case cases[] = {
      {"echo 'loss: 1'; echo \"ModuleNotFoundError: No module named 'torch'\" >&2; echo; exit 1",
       "exit status 1: ModuleNotFoundError: No module named 'torch'"},
      {"exit 127", "exit status 127"},
      {"kill -9 $$", "killed by signal 9 (out of memory?)"},
      {"sh -c 'kill -9 $$'; exit $?",
       "exit status 137 (a process of it was killed: out of memory?)"},
      {"kill -SEGV $$", "killed by signal 11 (segmentation fault)"},
      {"printf '\\033[31mred alert\\033[0m\\r\\n'; exit 3", "exit status 3: red alert"},
      {"echo 'bad data' > $SM_OUTPUT_DIR/failure; exit 2", "output/failure: bad data"},
      {"printf 'a\\377b\\n'; exit 4", "exit status 4: a\\xffb"}};
  for (const Case& each : cases) {
    INFO(each.script);
    ScriptFixture fixture(each.script);
    const TrialResult result = fixture.run();
    CHECK(result.outcome == Outcome::failed);
    CHECK_THAT(result.reason, Contains(each.words));
  }
}

TEST_CASE("A script that ends well without a value has failed, and says what was looked for") {
  ScriptFixture fixture("echo 'Loss = 0.5'");
  const TrialResult result = fixture.run();
  CHECK(result.outcome == Outcome::failed);
  CHECK_THAT(result.reason, Contains("no value of loss"));
  CHECK_THAT(result.reason, Contains("loss: ([0-9.]+)"));
  CHECK_THAT(result.reason, Contains("Loss = 0.5"));
}

TEST_CASE("What cannot be executed fails with the system's words") {
  SECTION("no interpreter line") {
    ScriptFixture fixture("");
    testing::write_text(fixture.folder() + "/trial-script", "echo 'loss: 1'\n");
    const TrialResult result = fixture.run();
    CHECK(result.outcome == Outcome::failed);
    CHECK_THAT(result.reason, Contains("could not start trial-script") && Contains("#!/bin/sh"));
  }
  SECTION("an interpreter that does not exist") {
    ScriptFixture fixture("#!/no/such/interpreter\n");
    CHECK_THAT(fixture.run().reason, Contains("No such file"));
  }
}

TEST_CASE("A stop is a SIGTERM, after which the script may still report") {
  ScriptFixture fixture(
      "trap 'echo \"loss: 0.25\"; exit 0' TERM\n"
      "echo 'loss: 0.5'; while :; do sleep 0.01; done");
  fixture.start(0);
  fixture.sink->reports(0, 1);
  fixture.executor().request_stop(ScriptFixture::run_of(0));
  fixture.executor().request_stop(ScriptFixture::run_of(0));
  fixture.executor().request_stop(ScriptFixture::run_of(5));
  const TrialResult result = fixture.sink->result(0);
  CHECK(result.outcome == Outcome::stopped);
  CHECK_FALSE(result.reason.empty());
  CHECK(fixture.sink->reports(0).size() == 2);
  fixture.executor().request_stop(ScriptFixture::run_of(0));
  CHECK(fixture.sink->results_of(0) == 1);
}

TEST_CASE("The tuner's answer to a report stops the script") {
  ScriptFixture fixture("echo 'loss: 0.5'; sleep 1000");
  fixture.sink->answer_with(Decision::stop);
  CHECK(fixture.run().outcome == Outcome::stopped);
}

TEST_CASE("Limits end a script as failed") {
  ScriptFixture fixture("echo 'loss: 0.5'; sleep 1000");
  SECTION("of its time") {
    fixture.options.time_limit = Seconds(0.2);
    CHECK_THAT(fixture.run().reason, Contains("time limit of 0.2 s"));
  }
  SECTION("of silence") {
    fixture.options.silence_limit = Seconds(0.2);
    CHECK_THAT(fixture.run().reason, Contains("printed nothing for 0.2 s"));
  }
  CHECK(fixture.run(1).outcome == Outcome::failed);
  CHECK(fixture.survivors().empty());
}

TEST_CASE("Output keeps a script from counting as silent") {
  ScriptFixture fixture("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo 'loss: 1'; sleep 0.1; done");
  fixture.options.silence_limit = Seconds(1);
  CHECK(fixture.run().outcome == Outcome::completed);
}

TEST_CASE("A tuner that is slow to take one trial's report takes no other for silent") {
  ScriptFixture fixture(
      "cd ../../..; if [ ${SM_MODEL_DIR#*trial-0000} != $SM_MODEL_DIR ]; then\n"
      "  echo hello; touch begun; while [ ! -e busy ]; do sleep 0.01; done\n"
      "  echo 'loss: 1'; touch printed\n"
      "else\n"
      "  echo 'loss: 2'\n"
      "fi");
  fixture.options.silence_limit = Seconds(0.5);
  fixture.options.max_parallel = 2;
  fixture.sink->on_report = [&](TrialId trial) {
    if (trial != 1) return;
    testing::write_text(fixture.folder() + "/busy", "");
    ScriptFixture::appears(fixture.folder() + "/printed");
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
  };
  fixture.start(0);
  REQUIRE(ScriptFixture::appears(fixture.folder() + "/begun"));
  fixture.start(1);
  CHECK(fixture.sink->result(0).outcome == Outcome::completed);
  CHECK(fixture.sink->result(1).outcome == Outcome::completed);
}

TEST_CASE("A trial has folders of its own that only its user reads") {
  ScriptFixture fixture(
      "pwd; echo 'loss: 1'; echo m > $SM_MODEL_DIR/m; echo o > $SM_OUTPUT_DATA_DIR/o\n"
      "echo c > $SM_CHECKPOINT_DIR/c; echo w > w; [ ! -t 0 ] && cat");
  REQUIRE(fixture.run(7).outcome == Outcome::completed);
  const std::string trial = fixture.trial_path(7);
  CHECK_THAT(read_text(trial + "/attempt-1.log"), Contains(trial + "/work\n"));
  for (const char* file : {"/model/m", "/output/data/o", "/checkpoints/c", "/work/w"})
    CHECK(fs::exists(trial + file));
  CHECK(fs::status(trial).permissions() == fs::perms::owner_all);
  const Json texts = Json::parse(read_text(trial + "/input/config/hyperparameters.json"));
  CHECK(texts["lr"] == "0.1");

  SECTION("of which discard leaves the logs") {
    fixture.executor().discard(7);
    fixture.executor().discard(8);
    for (const char* file : {"/model", "/output", "/checkpoints", "/work"})
      CHECK_FALSE(fs::exists(trial + file));
    CHECK(fs::exists(trial + "/attempt-1.log"));
    CHECK(fs::exists(trial + "/attempt-1.status"));
    CHECK(fs::exists(trial + "/input/config/hyperparameters.json"));
  }
  SECTION("in which the next attempt finds the checkpoints of the one before") {
    fixture.start(7, 2);
    REQUIRE(ScriptFixture::appears(trial + "/attempt-2.status"));
    CHECK(fs::exists(trial + "/checkpoints/c"));
    CHECK(fixture.executor().describe(7) == trial + "/attempt-2.log");
  }
  SECTION("which a first attempt finds empty, whatever an older study left") {
    testing::write_text(trial + "/checkpoints/old", "");
    fixture.run(7);
    CHECK_FALSE(fs::exists(trial + "/checkpoints/old"));
  }
}

TEST_CASE("A stale link in a trial's place is not followed") {
  ScriptFixture fixture("echo 'loss: 1'");
  fs::create_directories(fixture.folder() + "/precious");
  testing::write_text(fixture.folder() + "/precious/data", "");
  fs::create_directories(fixture.trial_path(0));
  fs::create_directory_symlink(fixture.folder() + "/precious", fixture.trial_path(0) + "/model");
  fixture.run();
  CHECK(fs::exists(fixture.folder() + "/precious/data"));
}

TEST_CASE("A script inherits three descriptors, default signals and no input") {
  ScriptFixture fixture(
      "#!/usr/bin/env python3\n"
      "import os, signal\n"
      "files = {f: os.readlink('/proc/self/fd/' + f) for f in os.listdir('/proc/self/fd')\n"
      "         if os.path.lexists('/proc/self/fd/' + f)}\n"
      "print('files', sorted(files))\n"
      "print('input', files['0'])\n"
      "state = dict(line.split(':', 1) for line in open('/proc/self/status'))\n"
      "signals = lambda key: [n for n in range(1, 65) if int(state[key], 16) >> (n - 1) & 1]\n"
      "print('blocked', signals('SigBlk'))\n"
      "print('ignored', [n for n in signals('SigIgn') if n not in (32, 33)])\n"
      "print('session', os.getsid(0) == os.getpid())\n"
      "print('loss: 1')\n");
  // What a host may have: an open descriptor without O_CLOEXEC, and an ignored signal.
  const int leak = dup(1);
  const auto before = std::signal(SIGUSR2, SIG_IGN);
  const TrialResult result = fixture.run();
  std::signal(SIGUSR2, before);
  close(leak);
  REQUIRE(result.outcome == Outcome::completed);
  const std::string log = read_text(fixture.executor().describe(0));
  CHECK_THAT(log, Contains("files ['0', '1', '2']"));
  CHECK_THAT(log, Contains("input /dev/null"));
  CHECK_THAT(log, Contains("blocked []"));
  CHECK_THAT(log, Contains("session True"));
  // Python itself ignores SIGPIPE and SIGXFSZ; 32 and 33 belong to the C library.
  CHECK_THAT(log, Contains("ignored [13, 25]"));
}

TEST_CASE("The host's own children are left alone") {
  const pid_t child = fork();
  if (child == 0) _exit(42);
  ScriptFixture fixture("echo 'loss: 1'");
  for (TrialId trial = 0; trial < 3; ++trial)
    CHECK(fixture.run(trial).outcome == Outcome::completed);
  fixture.end_executor();
  int state = 0;
  REQUIRE(waitpid(child, &state, 0) == child);
  CHECK(WEXITSTATUS(state) == 42);
}

TEST_CASE("A host that reaps all its children itself still gets results") {
  ScriptFixture fixture("echo 'loss: 1'; exit 3");
  const auto before = std::signal(SIGCHLD, SIG_IGN);
  const TrialResult result = fixture.run();
  std::signal(SIGCHLD, before);
  CHECK_THAT(result.reason, Contains("exit status 3"));
}

TEST_CASE("Unusable options are refused with every mistake") {
  SubprocessOptions options{.max_parallel = 0, .grace = Seconds(-1), .time_limit = Seconds(0)};
  try {
    subprocess_executor(options);
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::invalid_argument);
    CHECK(error.mistakes().size() == 5);
  }
}

TEST_CASE("What can never work is told when the executor is opened") {
  ScriptFixture fixture("");
  const auto code_of_open = [&] {
    try {
      fixture.executor();
    } catch (const Error& error) {
      return std::string(to_string(error.code())) + " " + error.what();
    }
    return std::string("opened");
  };
  SECTION("an objective that no definition finds") {
    fixture.problem.objectives = {{.metric = "accuracy"}};
    CHECK_THAT(code_of_open(), Contains("invalid_problem") && Contains("/objectives/0/metric"));
  }
  SECTION("a standard error that no definition finds") {
    fixture.problem.objectives[0].standard_error = "deviation";
    CHECK_THAT(code_of_open(),
               Contains("invalid_problem") && Contains("/objectives/0/standard_error"));
  }
  SECTION("a program that is nowhere") {
    fixture.options.command = {"pyhton3", "train.py"};
    CHECK_THAT(code_of_open(), Contains("invalid_argument") && Contains("pyhton3"));
  }
  SECTION("more trials than descriptors") {
    fixture.options.max_parallel = 100000000;
    CHECK_THAT(code_of_open(), Contains("/max_parallel") && Contains("ulimit"));
  }
  SECTION("a launcher that is nowhere") {
    fixture.options.launcher = "/no/launcher";
    CHECK_THAT(code_of_open(), Contains("executor_failed") && Contains("/no/launcher"));
  }
}

TEST_CASE("Arguments that the system cannot pass make start throw") {
  ScriptFixture fixture("echo 'loss: 1'");
  const auto start = [&](std::string value) {
    const TrialRun run{.configuration = {{"x", std::move(value)}}};
    fixture.start(run);
  };
  CHECK_THROWS_WITH(start(std::string(200000, 'x')), Contains("-x") && Contains("200000 bytes"));
  CHECK_THROWS_WITH(start(std::string("a\0b", 3)), Contains("NUL"));
  CHECK(fixture.run().outcome == Outcome::completed);
}

TEST_CASE("Forty quick trials, four at once, leave nothing behind") {
  ScriptFixture fixture("echo 'loss: 1'");
  fixture.options.max_parallel = 4;
  const auto descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  fixture.run(0);
  const auto before = descriptors();
  for (TrialId trial = 1; trial <= 40; trial += 4) {
    for (TrialId next = trial; next < trial + 4; ++next) fixture.start(next);
    for (TrialId next = trial; next < trial + 4; ++next)
      CHECK(fixture.sink->result(next).outcome == Outcome::completed);
  }
  fixture.end_executor();
  CHECK(descriptors() < before);
  CHECK(fixture.survivors().empty());
}

}  // namespace
}  // namespace tunesmith
