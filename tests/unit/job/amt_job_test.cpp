#include "job/amt_job.hpp"

#include <algorithm>

#include "samples.hpp"
#include "support/catch.hpp"
#include "tunesmith/job.hpp"

namespace tunesmith {
namespace {

using test::amt_request;
using test::changed;

const std::string config = "/HyperParameterTuningJobConfig";
const std::string limits = config + "/ResourceLimits";
const std::string ranges = config + "/ParameterRanges";
const std::string floats = ranges + "/ContinuousParameterRanges";
const std::string ints = ranges + "/IntegerParameterRanges";
const std::string choices = ranges + "/CategoricalParameterRanges";
const std::string definition = "/TrainingJobDefinition";
const std::string algorithm = definition + "/AlgorithmSpecification";

std::vector<std::string> paths(const std::vector<Mistake>& mistakes) {
  std::vector<std::string> list;
  for (const Mistake& mistake : mistakes) list.push_back(mistake.path);
  std::sort(list.begin(), list.end());
  return list;
}

std::vector<std::string> mistakes_of(const Json& request, bool strict) {
  return paths(validate_job(json_text(request), {.strict_amt = strict}));
}

struct Seeded {
  std::string pointer;
  std::string value;
  std::string path;
};

/// Mistakes whatever the service's sizes are; all of them together give all of their paths.
const std::vector<Seeded> independent = {
    {"/HyperParameterTuningJobName", "\"bad name\"", "/HyperParameterTuningJobName"},
    {config + "/RandomSeed", "-1", config + "/RandomSeed"},
    {limits + "/MaxParallelTrainingJobs", "0", limits + "/MaxParallelTrainingJobs"},
    {limits + "/MaxRuntime", "5", limits + "/MaxRuntime"},
    {floats + "/0/MinValue", "1e-5", floats + "/0/MinValue"},
    {floats + "/1/MaxValue", "\"1\"", floats + "/1/MaxValue"},
    {floats + "/2/MinValue", "\"low\"", floats + "/2/MinValue"},
    {ints + "/0/MinValue", "\"8.5\"", ints + "/0/MinValue"},
    {choices + "/0/Values/1", "\"relu\"", choices + "/0/Values/1"},
    {config + "/TrainingJobEarlyStoppingType", "\"On\"", config + "/TrainingJobEarlyStoppingType"},
    {config + "/TuningJobCompletionCriteria/TargetObjectiveMetricValue", "\"0.9\"",
     config + "/TuningJobCompletionCriteria/TargetObjectiveMetricValue"},
    {algorithm + "/TrainingInputMode", "\"file\"", algorithm + "/TrainingInputMode"},
    {algorithm + "/MetricDefinitions/1/Regex", "\"(?<=x)([0-9]+)\"",
     algorithm + "/MetricDefinitions/1/Regex"},
    {definition + "/RoleArn", "", definition + "/RoleArn"},
    {definition + "/OutputDataConfig/S3OutputPath", "\"/tmp/out\"",
     definition + "/OutputDataConfig/S3OutputPath"},
    {definition + "/ResourceConfig/InstanceType", "\"m5.large\"",
     definition + "/ResourceConfig/InstanceType"},
    {definition + "/StoppingCondition/MaxWaitTimeInSeconds", "3600",
     definition + "/StoppingCondition/MaxWaitTimeInSeconds"},
    {definition + "/StaticHyperParameters/epochs", "10",
     definition + "/StaticHyperParameters/epochs"},
    {definition + "/Environment/1x", "\"y\"", definition + "/Environment/1x"},
    {definition + "/RetryStrategy/MaximumRetryAttempts", "",
     definition + "/RetryStrategy/MaximumRetryAttempts"},
    {"/Tags/0/Key", "\"\"", "/Tags/0/Key"},
    {"/WarmStart", "{}", "/WarmStart"},
};

const std::vector<Seeded> alone = {
    {"/HyperParameterTuningJobName", "", "/HyperParameterTuningJobName"},
    {"/HyperParameterTuningJobName", "\"" + std::string(101, 'x') + "\"",
     "/HyperParameterTuningJobName"},
    {limits, "", limits},
    {limits + "/MaxParallelTrainingJobs", "", limits + "/MaxParallelTrainingJobs"},
    {config + "/Strategy", "\"bayesian\"", config + "/Strategy"},
    {config + "/StrategyConfig", "{}", config + "/StrategyConfig"},
    {config + "/HyperParameterTuningJobObjective", "",
     config + "/HyperParameterTuningJobObjective"},
    {config + "/HyperParameterTuningJobObjective/MetricName", "\"val:f1\"",
     config + "/HyperParameterTuningJobObjective/MetricName"},
    {ranges, "", ranges},
    {ranges, "{}", ranges},
    {floats + "/0/MinValue", "\"0\"", floats + "/0/MinValue"},
    {floats + "/2/MinValue", "\"2\"", floats + "/2/MinValue"},
    {floats + "/0/Name", "\"act\"", choices + "/0/Name"},
    {ints + "/0/ScalingType", "\"ReverseLogarithmic\"", ints + "/0/ScalingType"},
    {choices + "/0/Values", "[]", choices + "/0/Values"},
    {definition, "", definition},
    {definition + "/StaticHyperParameters/lr", "\"0.1\"", definition + "/StaticHyperParameters/lr"},
    {definition + "/ResourceConfig", "", definition + "/ResourceConfig"},
    {definition + "/StoppingCondition", "", definition + "/StoppingCondition"},
    {definition + "/TuningObjective", R"({"Type": "Minimize", "MetricName": "val:loss"})",
     definition + "/TuningObjective"},
    {algorithm + "/TrainingImage", "", algorithm + "/TrainingImage"},
    {algorithm + "/AlgorithmName", "\"xgb\"", algorithm + "/AlgorithmName"},
    {algorithm + "/MetricDefinitions/1/Name", "\"val:acc\"",
     algorithm + "/MetricDefinitions/1/Name"},
    {algorithm + "/MetricDefinitions", "", config + "/HyperParameterTuningJobObjective/MetricName"},
};

Json with(Json request, const std::vector<std::pair<std::string, std::string>>& changes) {
  for (const auto& [pointer, value] : changes) request = changed(request, pointer, value);
  return request;
}

Json several_definitions() {
  Json request = amt_request();
  Json part = request["TrainingJobDefinition"];
  part["TuningObjective"] =
      request["HyperParameterTuningJobConfig"]["HyperParameterTuningJobObjective"];
  part["HyperParameterRanges"] = request["HyperParameterTuningJobConfig"]["ParameterRanges"];
  part["DefinitionName"] = "first";
  Json second = part;
  second["DefinitionName"] = "second";
  request.erase("TrainingJobDefinition");
  request["HyperParameterTuningJobConfig"].erase("HyperParameterTuningJobObjective");
  request["HyperParameterTuningJobConfig"].erase("ParameterRanges");
  request["TrainingJobDefinitions"] = Json::array({part, second});
  return request;
}

}  // namespace

TEST_CASE("amt: parents of a warm start are studies by name") {
  for (const char* type : {"IdenticalDataAndAlgorithm", "TransferLearning"}) {
    const Json request =
        changed(amt_request(), "/WarmStartConfig",
                R"({"ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "p"},
                                               {"HyperParameterTuningJobName": "q"}],
            "WarmStartType": ")" +
                    std::string(type) + R"("})");
    const Job job = load_job(json_text(request), {.base_folder = "/jobs", .command = {"x"}});
    CHECK(job.unsupported.empty());
    REQUIRE(job.warm_start.size() == 2);
    CHECK(job.warm_start[1].study == "q");
    CHECK(job.warm_start[1].usual_store == "sqlite:/jobs/q.tunesmith/study.db");
    CHECK(job.warm_start[1].path ==
          "/WarmStartConfig/ParentHyperParameterTuningJobs/1/HyperParameterTuningJobName");
  }
}

TEST_CASE("amt: a request becomes a job") {
  const Job job = load_job(json_text(amt_request()), {.command = {"python3", "cifar.py"}});
  CHECK(job.name == "cifar-bayes-3");
  CHECK(job.strategy.name == "bayesian");
  CHECK(job.max_parallel == 4);
  CHECK(job.budget == Budget{.max_trials = 40, .max_time = Seconds(7200), .target = 0.95});
  CHECK(job.problem.seed == 5);
  REQUIRE(job.problem.objectives.size() == 1);
  CHECK(job.problem.objectives[0] == Objective{.metric = "val:acc", .goal = Goal::maximize});
  REQUIRE(job.problem.metrics.size() == 2);
  CHECK(job.problem.metrics[0].regex == "val_acc=([0-9.]+)");
  const Space& space = job.problem.space;
  CHECK(space.find("lr")->scale == Scale::log);
  CHECK(space.find("lr")->min == 1e-5);
  CHECK(space.find("momentum")->scale == Scale::reverse_log);
  CHECK(space.find("decay")->scale == Scale::linear);
  CHECK(space.find("width")->scale == Scale::automatic);
  CHECK(space.find("width")->int_max == 512);
  CHECK(space.find("act")->choices == std::vector<Value>{"relu", "gelu"});
  CHECK(space.find("epochs")->type == ParameterType::fixed);
  CHECK(job.executor.time_limit == Seconds(1800));
  CHECK(job.executor.environment.at("LOG_LEVEL") == "20");
  CHECK_FALSE(job.executor.json_values);
  CHECK(job.unsupported.empty());
}

TEST_CASE("amt: the service's limits hold for a good request, too") {
  CHECK(mistakes_of(amt_request(), true).empty());
  CHECK(mistakes_of(several_definitions(), true).empty());
}

TEST_CASE("amt: one seeded mistake gives exactly its path") {
  std::vector<Seeded> all = independent;
  all.insert(all.end(), alone.begin(), alone.end());
  for (const Seeded& seeded : all) {
    INFO(seeded.pointer << " = " << seeded.value);
    const Json request = changed(amt_request(), seeded.pointer, seeded.value);
    CHECK(mistakes_of(request, false) == std::vector<std::string>{seeded.path});
  }
}

TEST_CASE("amt: k seeded mistakes give exactly k paths") {
  Json request = amt_request();
  std::vector<std::string> expected;
  for (const Seeded& seeded : independent) {
    request = changed(request, seeded.pointer, seeded.value);
    expected.push_back(seeded.path);
    std::vector<std::string> sorted = expected;
    std::sort(sorted.begin(), sorted.end());
    INFO(seeded.pointer);
    CHECK(mistakes_of(request, false) == sorted);
  }
}

TEST_CASE("amt: sizes of the service bind only when they are asked for") {
  const std::vector<Seeded> sizes = {
      {"/HyperParameterTuningJobName", "\"a-name-that-is-longer-than-32-characters\"",
       "/HyperParameterTuningJobName"},
      {limits + "/MaxRuntimeInSeconds", "60", limits + "/MaxRuntimeInSeconds"},
      {limits + "/MaxNumberOfTrainingJobs", "751", limits + "/MaxNumberOfTrainingJobs"},
      {limits + "/MaxParallelTrainingJobs", "101", limits + "/MaxParallelTrainingJobs"},
      {ints + "/0/MaxValue", "\"8\"", ints + "/0/MinValue"},
      {floats + "/2/MaxValue", "\"0\"", floats + "/2/MinValue"},
      {definition + "/RetryStrategy/MaximumRetryAttempts", "31",
       definition + "/RetryStrategy/MaximumRetryAttempts"},
      {definition + "/StoppingCondition/MaxRuntimeInSeconds", "2419201",
       definition + "/StoppingCondition/MaxRuntimeInSeconds"},
      {"/tunesmith", "{\"keep_best\": 3}", "/tunesmith"},
      {definition + "/StaticHyperParameters/epochs", "\"" + std::string(2501, 'x') + "\"",
       definition + "/StaticHyperParameters/epochs"},
  };
  for (const Seeded& seeded : sizes) {
    INFO(seeded.pointer);
    const Json request = changed(amt_request(), seeded.pointer, seeded.value);
    CHECK(mistakes_of(request, false).empty());
    CHECK(mistakes_of(request, true) == std::vector<std::string>{seeded.path});
  }
}

TEST_CASE("amt: fewer combinations than jobs end early here and are refused by the service") {
  const Json request = with(amt_request(), {{floats, ""}, {ints, ""}});
  CHECK(mistakes_of(request, false).empty());
  CHECK(mistakes_of(request, true) ==
        std::vector<std::string>{limits + "/MaxNumberOfTrainingJobs"});
}

TEST_CASE("amt: a grid takes what is finite, the service only categories") {
  Json request = changed(amt_request(), config + "/Strategy", "\"Grid\"");
  CHECK(mistakes_of(request, false) ==
        std::vector<std::string>{floats + "/0", floats + "/1", floats + "/2"});
  request = changed(request, floats, "");
  CHECK(mistakes_of(request, false).empty());
  CHECK(load_job(json_text(request)).strategy.name == "grid");
  request = changed(request, limits + "/MaxNumberOfTrainingJobs", "");
  CHECK(mistakes_of(request, true) == std::vector<std::string>{ints + "/0"});
  CHECK(mistakes_of(changed(request, ints, ""), true).empty());
}

TEST_CASE("amt: what this version cannot run is valid and named") {
  const auto unsupported = [](const Json& request) {
    const Job job = load_job(json_text(request), {.command = {"x"}});
    return paths(job.unsupported);
  };
  CHECK(unsupported(changed(amt_request(), "/Autotune", R"({"Mode": "Enabled"})")) ==
        std::vector<std::string>{"/Autotune"});
  CHECK(unsupported(several_definitions()) == std::vector<std::string>{"/TrainingJobDefinitions"});
}

TEST_CASE("amt: completion criteria become rules that end the study") {
  const auto rules = [](const std::string& criterion, const char* value) {
    const Job job =
        load_job(json_text(changed(amt_request(),
                                   config + "/TuningJobCompletionCriteria/" + criterion, value)),
                 {.command = {"x"}});
    CHECK(job.unsupported.empty());
    return job.stopping_rules;
  };
  CHECK(rules("BestObjectiveNotImproving", R"({"MaxNumberOfTrainingJobsNotImproving": 5})") ==
        std::vector<PluginChoice>{
            {.name = "no_improvement", .options = R"({"trials":5,"min_relative_change":0.01})"}});
  CHECK(rules("BestObjectiveNotImproving", "{}").empty());
  CHECK(rules("ConvergenceDetected", R"({"CompleteOnConvergence": "Enabled"})") ==
        std::vector<PluginChoice>{{.name = "convergence"}});
  CHECK(rules("ConvergenceDetected", R"({"CompleteOnConvergence": "Disabled"})").empty());
}

TEST_CASE("amt: Hyperband is the strategy of that name, up to the request's resource") {
  const auto strategy = [](const char* band) {
    Json request = changed(amt_request(), config + "/Strategy", "\"Hyperband\"");
    if (*band != 0) request = changed(request, config + "/StrategyConfig", band);
    const Job job = load_job(json_text(request), {.command = {"x"}});
    CHECK(job.unsupported.empty());
    return job.strategy;
  };
  CHECK(strategy(R"({"HyperbandStrategyConfig": {"MinResource": 2, "MaxResource": 9}})") ==
        PluginChoice{.name = "hyperband", .options = R"({"min_resource":2,"max_resource":9})"});
  // From the static hyperparameter "epochs".
  CHECK(strategy("") == PluginChoice{.name = "hyperband", .options = R"({"max_resource":10})"});
  CHECK(strategy(R"({"HyperbandStrategyConfig": {"MinResource": 3}})") ==
        PluginChoice{.name = "hyperband", .options = R"({"min_resource":3,"max_resource":10})"});
}

TEST_CASE("amt: Hyperband needs a resource to divide") {
  const std::string band = config + "/StrategyConfig/HyperbandStrategyConfig";
  const Json request = changed(amt_request(), config + "/Strategy", "\"Hyperband\"");
  CHECK(mistakes_of(request, true).empty());  // inferred from the static "epochs"
  const std::string epochs = definition + "/StaticHyperParameters/epochs";
  CHECK(mistakes_of(changed(request, epochs, ""), false) ==
        std::vector<std::string>{band + "/MaxResource"});
  CHECK(mistakes_of(changed(request, band, R"({"MinResource": 9, "MaxResource": 3})"), false) ==
        std::vector<std::string>{band + "/MinResource"});
  CHECK(mistakes_of(changed(request, band, R"({"MaxResource": 20001})"), false).empty());
  CHECK(mistakes_of(changed(request, band, R"({"MaxResource": 20001})"), true) ==
        std::vector<std::string>{band + "/MaxResource"});
  const std::string early = config + "/TrainingJobEarlyStoppingType";
  CHECK(mistakes_of(changed(request, early, "\"Auto\""), false) == std::vector<std::string>{early});
}

TEST_CASE("amt: rules of several definitions") {
  const std::string second = "/TrainingJobDefinitions/1";
  const std::vector<Seeded> cases = {
      {second + "/DefinitionName", "\"first\"", second + "/DefinitionName"},
      {second + "/DefinitionName", "", second + "/DefinitionName"},
      {second + "/TuningObjective", "", second + "/TuningObjective"},
      {second + "/TuningObjective/MetricName", "\"x\"", second + "/TuningObjective/MetricName"},
      {second + "/HyperParameterRanges/ContinuousParameterRanges/0/MinValue", "\"-1\"",
       second + "/HyperParameterRanges/ContinuousParameterRanges/0/MinValue"},
      {config + "/TrainingJobEarlyStoppingType", "\"Auto\"",
       config + "/TrainingJobEarlyStoppingType"},
      {config + "/ParameterRanges", "{}", config + "/ParameterRanges"},
      {"/TrainingJobDefinition", json_text(amt_request()["TrainingJobDefinition"]),
       "/TrainingJobDefinition"},
  };
  for (const Seeded& seeded : cases) {
    INFO(seeded.pointer << " = " << seeded.value.substr(0, 40));
    const Json request = changed(several_definitions(), seeded.pointer, seeded.value);
    CHECK(mistakes_of(request, false) == std::vector<std::string>{seeded.path});
  }
}

TEST_CASE("amt: spot instances may wait, but not less than they run") {
  const std::string wait = definition + "/StoppingCondition/MaxWaitTimeInSeconds";
  Json request =
      with(amt_request(), {{definition + "/EnableManagedSpotTraining", "true"}, {wait, "3600"}});
  CHECK(mistakes_of(request, true).empty());
  CHECK(mistakes_of(changed(request, wait, "60"), false) == std::vector<std::string>{wait});
}

TEST_CASE("amt: framework estimators' requests bring their program and quoted values") {
  const Json request =
      with(amt_request(),
           {{definition + "/StaticHyperParameters/sagemaker_program", R"("\"mnist.py\"")"},
            {definition + "/StaticHyperParameters/backend", R"("\"gloo\"")"}});
  const Job job = load_job(json_text(request));
  CHECK(job.executor.command == std::vector<std::string>{"python3", "mnist.py"});
  CHECK(job.executor.json_values);
  CHECK(job.executor.static_parameters.count("sagemaker_program") == 1);
  CHECK(job.problem.space.find("sagemaker_program") == nullptr);
  CHECK(job.problem.space.find("backend") != nullptr);
  const Json own = changed(request, "/tunesmith", R"({"command": ["python3", "other.py"]})");
  CHECK(load_job(json_text(own)).executor.command ==
        std::vector<std::string>{"python3", "other.py"});
}

TEST_CASE("amt: channels in S3 need a folder here") {
  const std::string channels = definition + "/InputDataConfig";
  const Json request = changed(amt_request(), channels,
                               R"([{"ChannelName": "train",
           "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/train"}}}])");
  CHECK(paths(load_job(json_text(request)).unsupported) ==
        std::vector<std::string>{channels + "/0"});
  const Job given = load_job(json_text(request), {.channels = {{"train", "/data"}}});
  CHECK(given.unsupported.empty());
  const Json block = changed(request, "/tunesmith",
                             R"({"channels": {"train": "data"}, "command": ["python3", "t.py"]})");
  const Job own = load_job(json_text(block), {.base_folder = "/jobs"});
  CHECK(own.unsupported.empty());
  CHECK(own.executor.channels.at("train") == "/jobs/data");
  CHECK(own.executor.command == std::vector<std::string>{"python3", "t.py"});
}

TEST_CASE("amt: rules of our own block stand beside the request's") {
  const Json request = changed(amt_request(), "/tunesmith",
                               R"({"stopping_rules": [{"name": "overfit", "train_metric": "x"}],
                                   "on_notice": {"command": ["./tell"]}})");
  const Job plain = load_job(json_text(amt_request()));
  const Job job = load_job(json_text(request), {.base_folder = "/jobs"});
  REQUIRE(job.stopping_rules.size() == plain.stopping_rules.size() + 1);
  CHECK(job.stopping_rules.back().name == "overfit");
  // The request's own early stopping is the service's, without a check.
  CHECK_FALSE(plain.self_check.has_value());
  CHECK(job.self_check == SelfCheckOptions{});
  CHECK(
      load_job(json_text(changed(amt_request(), "/tunesmith", R"({"self_check": {"share": 0.2}})")))
          .self_check == SelfCheckOptions{.share = 0.2});
  CHECK(job.on_notice.command == std::vector<std::string>{"/jobs/tell"});
  CHECK(mistakes_of(changed(amt_request(), "/tunesmith",
                            R"({"stopping_rules": ["overfit"], "on_notice": {}})"),
                    false) == std::vector<std::string>{"/tunesmith/on_notice/command",
                                                       "/tunesmith/stopping_rules/0/train_metric"});
}

TEST_CASE("amt: mistakes in our own block have their paths") {
  const Json request =
      changed(amt_request(), "/tunesmith", R"({"comand": ["x"], "keep_best": -1})");
  CHECK(mistakes_of(request, false) ==
        std::vector<std::string>{"/tunesmith/comand", "/tunesmith/keep_best"});
}

}  // namespace tunesmith
