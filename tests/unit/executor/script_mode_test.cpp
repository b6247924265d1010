#include "executor/script_mode.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/json.hpp"
#include "executor/machine.hpp"
#include "support/catch.hpp"
#include "tunesmith/error.hpp"
#include "unit/executor/script_fixture.hpp"

namespace tunesmith {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using testing::ScriptFixture;
using Texts = std::vector<std::string>;

const Problem problem = [] {
  Problem p;
  p.objectives = {{.metric = "loss"}};
  return p;
}();

/// The hyperparameters as they stand on the command line.
Texts arguments(const Configuration& configuration, SubprocessOptions options = {}) {
  options.command = {"/bin/echo"};
  options.folder = "/nowhere/trials";
  Texts argv = command_line(options, problem, {.configuration = configuration}).argv;
  argv.erase(argv.begin());
  return argv;
}

TEST_CASE("Hyperparameters are passed as SageMaker's toolkit passes them") {
  CHECK(arguments({{"lr", 0.1}, {"epochs", std::int64_t{5}}, {"optimizer", std::string("adam")}}) ==
        Texts{"--epochs", "5", "--lr", "0.1", "--optimizer", "adam"});
  CHECK(arguments({{"b", true}, {"a", false}}) == Texts{"--a", "False", "--b", "True"});
  CHECK(arguments({{"b", true}, {"a", false}}, {.json_values = true}) ==
        Texts{"-a", "False", "-b", "True"});
  CHECK(arguments({{"shift", -1e-05}, {"x", -2.5}}) == Texts{"--shift=-1e-05", "--x=-2.5"});
  CHECK(arguments({{"x", -2.5}}, {.json_values = true}) == Texts{"-x-2.5"});
  CHECK(arguments({{"empty", std::string()}}) == Texts{"--empty", ""});
  CHECK(arguments({{"lr", 0.5}}, {.static_parameters = {{"epochs", "5"},
                                                        {"lr", "0.25"},
                                                        {"sagemaker_program", "\"train.py\""},
                                                        {"_tuning_objective_metric", "loss"}}}) ==
        Texts{"--epochs", "5", "--lr", "0.5"});
}

TEST_CASE("A value is one argument, whatever it holds") {
  for (const char* value : {"; rm -rf /", "$(reboot)", "`id`", "a b", "two\nlines", "Grüße 雪", "*",
                            "'\"", "../../etc/passwd", "\xff\xfe", "a=b"})
    CHECK(arguments({{"value", std::string(value)}}) == Texts{"--value", value});
  for (const char* value : {"-n", "--help", "-", "--", "-1"})
    CHECK(arguments({{"value", std::string(value)}}) == Texts{std::string("--value=") + value});
}

TEST_CASE("JSON values reach the script decoded") {
  const SubprocessOptions json{.static_parameters = {{"flag", "true"},
                                                     {"layers", "[64, \"a b\", null, true]"},
                                                     {"map", "{\"k\": 1, \"l\": \"x\"}"},
                                                     {"none", "null"},
                                                     {"plain", "adam"},
                                                     {"tiny", "1e-05"}},
                               .json_values = true};
  CHECK(arguments({{"optimizer", std::string("\"sgd\"")}, {"lr", 0.1}}, json) ==
        Texts{"--flag", "True", "--layers", "[64, 'a b', None, True]", "--lr", "0.1", "--map",
              "k=1,l=x", "--none", "", "--optimizer", "sgd", "--plain", "adam", "--tiny", "1e-05"});
  CHECK(arguments({{"optimizer", std::string("\"sgd\"")}}) == Texts{"--optimizer", "\"sgd\""});
}

TEST_CASE("argparse understands every value") {
  ScriptFixture fixture(
      "#!/usr/bin/env python3\n"
      "import argparse\n"
      "parser = argparse.ArgumentParser()\n"
      "parser.add_argument('--shift', type=float)\n"
      "parser.add_argument('-x', '--x', type=float)\n"
      "parser.add_argument('-n', '--n', type=int)\n"
      "parser.add_argument('--text')\n"
      "a = parser.parse_args()\n"
      "print(repr((a.shift, a.x, a.n, a.text)))\n"
      "print('loss: 1')\n");
  const TrialRun run{.configuration = {{"shift", -1e-05},
                                       {"x", -2.5},
                                       {"n", std::int64_t{-3}},
                                       {"text", std::string("-a; $(x)\n=")}}};
  fixture.options.json_values = GENERATE(false, true);
  fixture.start(run);
  REQUIRE(fixture.sink->result(0).reason == "");
  CHECK_THAT(testing::read_text(fixture.executor().describe(0)),
             Contains(R"((-1e-05, -2.5, -3, '-a; $(x)\n='))"));
}

TEST_CASE("The environment is SageMaker's") {
  SubprocessOptions options{.command = {"python3", "train.py"},
                            .folder = "/nowhere/trials",
                            .base_folder = "/nowhere",
                            .static_parameters = {{"epochs", "5"}, {"sagemaker_region", "here"}},
                            .channels = {{"train", "data/train"}, {"test-set", "/data/test"}}};
  const CommandLine line = command_line(options, problem,
                                        {.trial = 7,
                                         .configuration = {{"lr", 0.1},
                                                           {"batch-size", std::int64_t{32}},
                                                           {"opt", std::string("sgd")},
                                                           {"nesterov", true}}},
                                        "my study");
  const std::string trial = "/nowhere/trials/trial-0007";
  const std::map<std::string, std::string> expected = {
      {"SM_HP_LR", "0.1"},
      {"SM_HP_BATCH-SIZE", "32"},
      {"SM_HP_OPT", "sgd"},
      {"SM_HP_NESTEROV", "true"},
      {"SM_HP_EPOCHS", "5"},
      {"SM_HPS", R"({"batch-size":32,"epochs":5,"lr":0.1,"nesterov":true,"opt":"sgd"})"},
      {"SM_FRAMEWORK_PARAMS", R"({"_tuning_objective_metric":"loss","sagemaker_region":"here"})"},
      {"SM_MODEL_DIR", trial + "/model"},
      {"SM_OUTPUT_DATA_DIR", trial + "/output/data"},
      {"SM_OUTPUT_DIR", trial + "/output"},
      {"SM_CHECKPOINT_DIR", trial + "/checkpoints"},
      {"SM_INPUT_DIR", trial + "/input"},
      {"SM_INPUT_CONFIG_DIR", trial + "/input/config"},
      {"SM_CHANNELS", R"(["test-set","train"])"},
      {"SM_CHANNEL_TRAIN", "/nowhere/data/train"},
      {"SM_CHANNEL_TEST-SET", "/data/test"},
      {"SM_HOSTS", R"(["algo-1"])"},
      {"SM_CURRENT_HOST", "algo-1"},
      {"SM_USER_ENTRY_POINT", "train.py"},
      {"SM_MODULE_NAME", "train"},
      {"SM_NUM_CPUS", std::to_string(usable_cores())},
      {"PYTHONUNBUFFERED", "1"},
      {"TRAINING_JOB_NAME", "my-study-trial-0007"}};
  for (const auto& [name, value] : expected) {
    INFO(name);
    REQUIRE(line.environment.contains(name));
    CHECK(line.environment.at(name) == value);
  }
  CHECK_FALSE(line.environment.contains("SM_HP_SAGEMAKER_REGION"));
  CHECK(line.working_folder == trial + "/work");
  CHECK_FALSE(fs::exists(trial));
  CHECK(Json::parse(line.environment.at("SM_USER_ARGS")).size() == 10);
}

TEST_CASE("hyperparameters.json holds texts, all of them") {
  const SubprocessOptions options{.static_parameters = {{"sagemaker_program", "\"train.py\""}}};
  const TrialRun run{.configuration = {{"lr", 0.1}, {"opt", std::string("\"sgd\"")}, {"b", true}}};
  const Json json = Json::parse(
      config_files(options, hyperparameters(options, problem, run)).at("hyperparameters.json"));
  CHECK(json == Json::parse(R"({"_tuning_objective_metric": "loss", "b": "true", "lr": "0.1",
                                "opt": "\"sgd\"", "sagemaker_program": "\"train.py\""})"));
}

TEST_CASE("Threads and GPUs are shared out among parallel trials") {
  SubprocessOptions options{.command = {"/bin/echo"}, .folder = "/nowhere", .max_parallel = 1000};
  auto environment = command_line(options, problem, {}).environment;
  for (const char* name :
       {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "SM_NUM_CPUS"})
    CHECK(environment.at(name) == "1");
  options.environment = {{"OMP_NUM_THREADS", "7"}, {"SM_MODEL_DIR", "/models"}};
  environment = command_line(options, problem, {}).environment;
  CHECK(environment.at("OMP_NUM_THREADS") == "7");
  CHECK(environment.at("SM_MODEL_DIR") == "/models");

  const Texts four = {"0", "1", "2", "3"};
  CHECK(share_of_gpus(four, 0, 1) == four);
  CHECK(share_of_gpus(four, 0, 2) == Texts{"0", "1"});
  CHECK(share_of_gpus(four, 1, 2) == Texts{"2", "3"});
  CHECK(share_of_gpus(four, 0, 3) == Texts{"0"});
  CHECK(share_of_gpus(four, 1, 3) == Texts{"1"});
  CHECK(share_of_gpus(four, 2, 3) == Texts{"2", "3"});
  CHECK(share_of_gpus({"GPU-a", "GPU-b"}, 4, 5) == Texts{"GPU-a"});
  CHECK(share_of_gpus({}, 0, 2).empty());
}

TEST_CASE("Trials at the same time see different GPUs") {
  const char* before = std::getenv("CUDA_VISIBLE_DEVICES");
  const std::string kept = before != nullptr ? before : "";
  setenv("CUDA_VISIBLE_DEVICES", "4,5,-1,6", 1);
  CHECK(visible_gpus() == Texts{"4", "5"});
  ScriptFixture fixture(
      "echo \"gpu $CUDA_VISIBLE_DEVICES of $SM_NUM_GPUS\"; echo 'loss: 1'\n"
      "while [ ! -e ../../../go ]; do sleep 0.01; done");
  fixture.options.max_parallel = 2;
  fixture.start(0);
  fixture.start(1);
  if (before != nullptr) {
    setenv("CUDA_VISIBLE_DEVICES", kept.c_str(), 1);
  } else {
    unsetenv("CUDA_VISIBLE_DEVICES");
  }
  testing::write_text(fixture.folder() + "/go", "");
  fixture.sink->result(0);
  fixture.sink->result(1);
  CHECK_THAT(testing::read_text(fixture.executor().describe(0)), Contains("gpu 4 of 1"));
  CHECK_THAT(testing::read_text(fixture.executor().describe(1)), Contains("gpu 5 of 1"));
}

TEST_CASE("A script is told how far to run, also by its own number of epochs") {
  SubprocessOptions options{.command = {"/bin/echo"}, .folder = "/nowhere/trials"};
  options.static_parameters = {{"lr", "0.1"}, {"num_epochs", "81"}};
  const auto argv = [&](double until, const Configuration& configuration = {}) {
    const TrialRun run{.configuration = configuration, .until = until};
    const Texts all = command_line(options, problem, run).argv;
    return *(std::find(all.begin(), all.end(), "--num_epochs") + 1);
  };
  CHECK(argv(run_to_end) == "81");
  CHECK(argv(27) == "27");
  CHECK(argv(100000) == "100000");
  CHECK(argv(2.5) == "81");
  CHECK(argv(27, {{"num_epochs", std::int64_t{5}}}) == "5");
  options.json_values = true;
  options.static_parameters["num_epochs"] = "\"81\"";
  CHECK(argv(27) == "27");

  // A fixed parameter of the space is as static.
  for (const Value& epochs : {Value(std::int64_t{9}), Value(std::string("9"))}) {
    Problem fixed = problem;
    fixed.space.add_fixed("epochs", epochs);
    const TrialRun run{.configuration = {{"epochs", epochs}}, .until = 3};
    const Texts all =
        command_line({.command = {"/bin/echo"}, .folder = "/nowhere/trials"}, fixed, run).argv;
    CHECK(*(std::find(all.begin(), all.end(), "--epochs") + 1) == "3");
  }

  const auto environment = [&](const TrialRun& run) {
    return command_line(options, problem, run).environment;
  };
  CHECK_FALSE(environment({}).contains("TUNESMITH_UNTIL"));
  CHECK_FALSE(environment({}).contains("TUNESMITH_REACHED"));
  const auto resumed = environment({.attempt = 2, .until = 100000, .reached = 9});
  CHECK(resumed.at("TUNESMITH_UNTIL") == "100000");
  CHECK(resumed.at("TUNESMITH_REACHED") == "9");
  CHECK(resumed.at("SM_HP_NUM_EPOCHS") == "100000");
}

TEST_CASE("Words of the command that name files mean those of the base folder") {
  ScriptFixture fixture("");
  testing::write_text(fixture.folder() + "/train.py", "");
  fixture.options.command = {"trial-script", "train.py", "other.py", "-v"};
  const Texts argv = command_line(fixture.options, problem, {}).argv;
  CHECK(argv == Texts{fixture.folder() + "/trial-script", fixture.folder() + "/train.py",
                      "other.py", "-v"});
  fixture.options.command = {"./trial-script"};
  CHECK(command_line(fixture.options, problem, {}).argv[0] == fixture.folder() + "/trial-script");
  fixture.options.command = {"sh"};
  CHECK(command_line(fixture.options, problem, {}).argv[0].ends_with("/sh"));
  fixture.options.command = {"python3", "-m", "train"};
  CHECK(command_line(fixture.options, problem, {})
            .environment.at("PYTHONPATH")
            .starts_with(fixture.folder()));
}

}  // namespace
}  // namespace tunesmith
