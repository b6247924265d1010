#include "job/own_job.hpp"

#include <algorithm>
#include <set>

#include "samples.hpp"
#include "support/catch.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {
namespace {

using test::changed;
using test::own_job;

std::vector<std::string> paths(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> list;
  for (const Mistake& mistake : mistakes) list.push_back(mistake.path);
  std::sort(list.begin(), list.end());
  return list;
}

struct Seeded {
  std::string pointer;
  /// JSON text; empty removes the field.
  std::string value;
  std::string path;
};

/// One mistake each; all of them together give all of their paths.
const std::vector<Seeded> independent = {
    {"/name", "\"-x\"", "/name"},
    {"/description", "3", "/description"},
    {"/command/0", "\"\"", "/command/0"},
    {"/parameters/lr/max", "1e-6", "/parameters/lr/max"},
    {"/parameters/layers/min", "\"1\"", "/parameters/layers/min"},
    {"/metrics/0/regex", "\"loss: (?=x)\"", "/metrics/0/regex"},
    {"/objective/goal", "\"minimise\"", "/objective/goal"},
    {"/outcome_constraints/0/max", "\"4\"", "/outcome_constraints/0/max"},
    {"/final/mean_of_last", "0", "/final/mean_of_last"},
    {"/seed", "-1", "/seed"},
    {"/strategy/initial_trials", "\"6\"", "/strategy/initial_trials"},
    {"/budget/max_trials", "0", "/budget/max_trials"},
    {"/budget/max_time", "0", "/budget/max_time"},
    {"/budget/max_tries", "3", "/budget/max_tries"},
    {"/budget/max_cost", "-3", "/budget/max_cost"},
    {"/parameters/lr/prior/near", "\"1\"", "/parameters/lr/prior/near"},
    {"/cost/metric", "\"\"", "/cost/metric"},
    {"/stopping_rules/0/min_trials", "0", "/stopping_rules/0/min_trials"},
    {"/self_check/share", "1.5", "/self_check/share"},
    {"/on_notice/command/1", "null", "/on_notice/command/1"},
    {"/max_parallel", "0", "/max_parallel"},
    {"/keep_best", "-1", "/keep_best"},
    {"/channels/train", "3", "/channels/train"},
    {"/environment/LOG_LEVEL", "20", "/environment/LOG_LEVEL"},
    {"/json_values", "\"yes\"", "/json_values"},
    {"/stop_grace", "-1", "/stop_grace"},
    {"/time_limit", "0", "/time_limit"},
    {"/silence_limit", "\"60\"", "/silence_limit"},
    {"/comandd", "[]", "/comandd"},
};

const std::vector<Seeded> alone = {
    {"/name", "", "/name"},
    {"/name", "\"a/b\"", "/name"},
    {"/name", "7", "/name"},
    {"/command", "\"python3 train.py\"", "/command"},
    {"/command", "[]", "/command"},
    {"/command/1", "8", "/command/1"},
    {"/command/1", "\"a\\u0000b\"", "/command/1"},
    {"/parameters/lr/type", "\"real\"", "/parameters/lr/type"},
    {"/constraints/0", "\"layers * width <= 3\"", "/constraints/0"},
    {"/metrics", "", "/metrics"},
    {"/metrics", "[]", "/metrics"},
    {"/objective", "", "/objective"},
    {"/objective", "null", "/objective"},
    {"/objective/metric", "\"los\"", "/objective/metric"},
    {"/objective/metric", "", "/objective/metric"},
    {"/objectives", "[{\"metric\": \"loss\"}]", "/objective"},
    {"/baseline/lr", "5", "/baseline/lr"},
    {"/strategy", "\"bayes\"", "/strategy"},
    {"/strategy", "3", "/strategy"},
    {"/warm_start", "\"old\"", "/warm_start"},
    {"/warm_start", "[\"old\", 3]", "/warm_start/1"},
    {"/warm_start", "[\"\"]", "/warm_start/0"},
    {"/warm_start", "[{\"study\": \"old\"}]", "/warm_start/0/store"},
    {"/warm_start", "[{\"study\": 3, \"store\": \"memory:\"}]", "/warm_start/0/study"},
    {"/warm_start", "[\"a\", \"b\", \"c\", \"d\", \"e\", \"f\"]", "/warm_start"},
    {"/strategy", "{\"initial_trials\": 3}", "/strategy/name"},
    {"/strategy/name", "\"baysian\"", "/strategy/name"},
    {"/strategy/inital_trials", "3", "/strategy/inital_trials"},
    {"/strategy", "{\"name\": null}", "/strategy/name"},
    {"/budget", "20", "/budget"},
    {"/cost", "", "/budget/max_cost"},
    {"/cost", "\"seconds\"", "/cost"},
    {"/cost/metric", "\"euros\"", "/cost/metric"},
    {"/stopping_rules", "\"median\"", "/stopping_rules"},
    {"/stopping_rules/0", "\"threshold\"", "/stopping_rules/0/upper"},
    {"/stopping_rules/0", "{\"name\": \"overfit\", \"train_metric\": 3}",
     "/stopping_rules/0/train_metric"},
    {"/self_check", "0.05", "/self_check"},
    {"/self_check/least_correlation", "-2", "/self_check/least_correlation"},
    {"/self_check/min_trials", "2", "/self_check/min_trials"},
    {"/self_check/shares", "0", "/self_check/shares"},
    {"/on_notice", "{}", "/on_notice/command"},
    {"/on_notice", "\"mail\"", "/on_notice"},
    {"/on_notice/webhook", "\"https://example.org\"", "/on_notice/webhook"},
    {"/on_notice", "{\"webhook\": \"file:///etc/x\"}", "/on_notice/webhook"},
    {"/on_notice", "{\"webhook\": \"https://example.org/a b\"}", "/on_notice/webhook"},
    {"/channels/no name", "\"x\"", "/channels/no name"},
    {"/environment/a=b", "\"x\"", "/environment/a=b"},
};

}  // namespace

TEST_CASE("own job: every key is read") {
  const Job job = load_job(json_text(own_job()), {.base_folder = "/jobs"});
  CHECK(job.name == "mnist-1");
  CHECK(job.executor.command == std::vector<std::string>{"python3", "train.py"});
  CHECK(job.executor.base_folder == "/jobs");
  CHECK(job.executor.channels.at("train") == "/jobs/data/train");
  CHECK(job.executor.environment.at("LOG_LEVEL") == "20");
  CHECK(job.executor.grace == Seconds(5));
  CHECK(job.executor.time_limit == Seconds(600));
  CHECK(job.executor.silence_limit == Seconds(60));
  CHECK(job.executor.max_parallel == 3);
  CHECK(job.max_parallel == 3);
  CHECK(job.keep_best == 2);
  CHECK(job.strategy.name == "bayesian");
  CHECK(test::parsed(job.strategy.options) == test::parsed(R"({"initial_trials": 6})"));
  REQUIRE(job.stopping_rules.size() == 1);
  CHECK(job.stopping_rules[0].name == "median");
  CHECK(test::parsed(job.stopping_rules[0].options) == test::parsed(R"({"min_trials": 4})"));
  CHECK(job.self_check ==
        SelfCheckOptions{.share = 0.1, .least_correlation = 0.2, .min_trials = 5});
  CHECK(job.on_notice.command == std::vector<std::string>{"/jobs/tools/tell.sh", "--urgent"});
  CHECK(job.on_notice.webhook.empty());
  CHECK(job.budget == Budget{.max_trials = 20,
                             .max_time = Seconds(3600),
                             .target = 0.1,
                             .max_failures_in_a_row = 4,
                             .max_cost = 90});
  CHECK(job.problem.cost == Cost{.metric = "memory"});
  CHECK(job.problem.space.find("lr")->prior == Prior{.near = 0.001, .spread = 0.1});
  CHECK(job.problem.seed == 7);
  CHECK(job.problem.objectives.size() == 1);
  CHECK(job.problem.space.parameters().size() == 7);
  CHECK(job.problem.baseline.has_value());
  CHECK(job.unsupported.empty());
}

TEST_CASE("own job: what is left out has its default") {
  Json json = own_job();
  for (const char* key : {"strategy", "budget", "max_parallel", "keep_best", "stop_grace",
                          "time_limit", "silence_limit", "seed", "final", "command"}) {
    json.erase(key);
  }
  const Job job = load_job(json_text(json));
  CHECK(job.strategy.name == "auto");
  CHECK(job.budget == Budget{});
  CHECK(job.max_parallel == 1);
  CHECK(job.executor.grace == Seconds(120));
  CHECK_FALSE(job.executor.time_limit);
  CHECK(job.executor.command.empty());
  CHECK(job.problem.final_rule.value == FinalValue::last);
}

TEST_CASE("own job: one seeded mistake gives exactly its path") {
  std::vector<Seeded> all = independent;
  all.insert(all.end(), alone.begin(), alone.end());
  for (const Seeded& seeded : all) {
    INFO(seeded.pointer << " = " << seeded.value);
    const Json json = changed(own_job(), seeded.pointer, seeded.value);
    CHECK(paths(validate_job(json_text(json))) == std::vector<std::string>{seeded.path});
  }
}

TEST_CASE("own job: k seeded mistakes give exactly k paths") {
  Json json = own_job();
  std::vector<std::string> expected;
  for (const Seeded& seeded : independent) {
    json = changed(json, seeded.pointer, seeded.value);
    expected.push_back(seeded.path);
    std::vector<std::string> sorted = expected;
    std::sort(sorted.begin(), sorted.end());
    INFO(json_pretty(json));
    CHECK(paths(validate_job(json_text(json))) == sorted);
  }
}

TEST_CASE("own job: unknown keys are told with the one that was meant") {
  const auto mistakes = validate_job(json_text(changed(own_job(), "/max_paralel", "2")));
  REQUIRE(mistakes.size() == 1);
  CHECK(mistakes[0].what.find("max_parallel") != std::string::npos);
}

TEST_CASE("own job: a grid needs finite ranges") {
  Json json = changed(own_job(), "/strategy", "\"grid\"");
  CHECK(paths(validate_job(json_text(json))) ==
        std::vector<std::string>{"/parameters/lr", "/parameters/momentum"});
  json = changed(changed(json, "/parameters/lr/step", "0.01"), "/parameters/momentum/step", "0.1");
  json = changed(changed(json, "/parameters/lr/scale", "\"linear\""), "/baseline", "");
  CHECK(paths(validate_job(json_text(json))).empty());
}

TEST_CASE("own job: stopping rules are watched over unless the job says otherwise") {
  const auto self_check = [](const char* rules, const char* check) {
    Json json = changed(own_job(), "/self_check", check);
    return load_job(json_text(changed(json, "/stopping_rules", rules))).self_check;
  };
  CHECK(self_check(R"(["median"])", "") == SelfCheckOptions{});
  CHECK(self_check(R"(["median"])", R"({"share": 0})") == SelfCheckOptions{.share = 0});
  CHECK_FALSE(self_check("", "").has_value());
}

TEST_CASE("own job: the highest level follows from the fixed number of epochs") {
  const auto options = [](const char* strategy, const char* parameters = nullptr) {
    Json json = changed(own_job(), "/strategy", strategy);
    if (parameters != nullptr) json = changed(json, "/parameters/epochs", parameters);
    return test::parsed(load_job(json_text(json)).strategy.options);
  };
  CHECK(options("\"hyperband\"") == test::parsed(R"({"max_resource": 5})"));
  CHECK(options("\"multi_fidelity\"") == test::parsed(R"({"max_resource": 5})"));
  CHECK(options(R"({"name": "asha", "max_resource": 0, "eta": 2})") ==
        test::parsed(R"({"max_resource": 5, "eta": 2})"));
  CHECK(options(R"({"name": "asha", "max_resource": 9})") ==
        test::parsed(R"({"max_resource": 9})"));
  CHECK(options("\"asha\"", R"({"type": "fixed", "value": "many"})") == test::parsed("{}"));
  CHECK(options("\"random\"") == test::parsed("{}"));
  // Together with what is given it must make sense.
  const Json high = changed(own_job(), "/strategy", R"({"name": "hyperband", "min_resource": 6})");
  CHECK(paths(validate_job(json_text(high))) == std::vector<std::string>{"/strategy/max_resource"});
}

TEST_CASE("own job: notices go to a command or to a webhook") {
  const auto receiver = [](const char* text) {
    return load_job(json_text(test::changed(own_job(), "/on_notice", text))).on_notice;
  };
  CHECK(receiver(R"({"webhook": "https://example.org/x?y=1"})").webhook ==
        "https://example.org/x?y=1");
  CHECK(receiver(R"({"command": ["mail", "me/you"]})").command ==
        std::vector<std::string>{"mail", "me/you"});
}

TEST_CASE("own job: several objectives") {
  Json json = changed(own_job(), "/objective", "");
  json["objectives"] =
      test::parsed(R"([{"metric": "loss"}, {"metric": "memory", "goal": "maximize"}])");
  CHECK(load_job(json_text(json)).problem.objectives.size() == 2);
  json = changed(json, "/objectives/1/goal", "\"up\"");
  CHECK(paths(validate_job(json_text(json))) == std::vector<std::string>{"/objectives/1/goal"});
}

TEST_CASE("own job: options of the caller go before the job's") {
  const JobOptions options{.command = {"sh", "x.sh"}, .channels = {{"train", "/elsewhere"}}};
  const Job job = load_job(json_text(own_job()), options);
  CHECK(job.executor.command == options.command);
  CHECK(job.executor.channels.at("train") == "/elsewhere");
}

TEST_CASE("job: broken texts are one mistake") {
  CHECK(validate_job("").size() == 1);
  CHECK(validate_job("{\"name\": ").size() == 1);
  CHECK(validate_job("[1, 2]").size() == 1);
  CHECK_THROWS_AS(load_job("{"), Error);
}

}  // namespace tunesmith
