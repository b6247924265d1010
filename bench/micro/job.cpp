// Job texts, ours and SageMaker's, of 20 parameters.
#include <benchmark/benchmark.h>

#include <string>

#include "fixture.hpp"

namespace {

namespace ts = tunesmith;

std::string own_job() {
  std::string parameters;
  for (int i = 0; i < 20; ++i) {
    parameters += (i == 0 ? "\"p" : ", \"p") + std::to_string(i) +
                  R"(": {"type": "float", "min": 0.001, "max": 1, "scale": "log"})";
  }
  return R"json({
    "name": "job", "command": ["python3", "train.py"], "budget": {"max_trials": 20},
    "metrics": [{"name": "loss", "regex": "loss: ([0-9.]+)"}],
    "objective": {"metric": "loss", "goal": "minimize"}, "parameters": {)json" +
         parameters + "}}";
}

std::string amt_request() {
  std::string ranges;
  for (int i = 0; i < 20; ++i) {
    ranges += (i == 0 ? R"({"Name": "p)" : R"(, {"Name": "p)") + std::to_string(i) +
              R"(", "MinValue": "0.001", "MaxValue": "1", "ScalingType": "Logarithmic"})";
  }
  return R"json({
    "HyperParameterTuningJobName": "job",
    "TrainingJobDefinition": {
      "StaticHyperParameters": {"sagemaker_program": "train.py"},
      "AlgorithmSpecification": {
        "TrainingImage": "image", "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "loss", "Regex": "loss: ([0-9.]+)"}]},
      "RoleArn": "arn:aws:iam::111122223333:role/role",
      "OutputDataConfig": {"S3OutputPath": "s3://bucket/output"},
      "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
      "StoppingCondition": {"MaxRuntimeInSeconds": 3600}},
    "HyperParameterTuningJobConfig": {
      "Strategy": "Bayesian",
      "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "loss"},
      "ResourceLimits": {"MaxNumberOfTrainingJobs": 20, "MaxParallelTrainingJobs": 2},
      "ParameterRanges": {"ContinuousParameterRanges": [)json" +
         ranges + "]}}}";
}

void load_job(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(ts::load_job(text));
}
BENCHMARK_CAPTURE(load_job, own, own_job())->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(load_job, amt, amt_request())->Unit(benchmark::kMicrosecond);

}  // namespace
