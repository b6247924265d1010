#pragma once

#include <string>

#include "core/json.hpp"

namespace tunesmith::test {

inline Json parsed(const std::string& text) {
  std::vector<Mistake> mistakes;
  return parse_json(text, mistakes);
}

/// A job of our own that uses every key.
inline Json own_job() {
  return parsed(R"json({
    "$schema": "job.schema.json",
    "name": "mnist-1",
    "description": "every key once",
    "command": ["python3", "train.py"],
    "parameters": {
      "lr": {"type": "float", "min": 1e-5, "max": 0.1, "scale": "log",
             "prior": {"near": 0.001, "spread": 0.1}},
      "dropout": {"type": "float", "min": 0, "max": 0.5, "step": 0.1},
      "layers": {"type": "int", "min": 1, "max": 8, "step": 1},
      "optimizer": {"type": "categorical", "values": ["sgd", "adam"]},
      "size": {"type": "ordinal", "values": ["small", "medium", "large"]},
      "momentum": {"type": "float", "min": 0.5, "max": 0.99, "when": {"optimizer": ["sgd"]}},
      "epochs": {"type": "fixed", "value": 5}
    },
    "constraints": ["layers * lr <= 0.2"],
    "metrics": [
      {"name": "loss", "regex": "loss: ([0-9.]+)"},
      {"name": "memory", "format": "key_value", "key": "mem"}
    ],
    "resource_regex": "epoch ([0-9]+)",
    "objective": {"metric": "loss", "goal": "minimize"},
    "outcome_constraints": [{"metric": "memory", "max": 4000}],
    "final": {"mean_of_last": 2},
    "baseline": {"lr": 0.01, "dropout": 0.1, "layers": 2, "optimizer": "adam", "size": "small"},
    "seed": 7,
    "strategy": {"name": "bayesian", "initial_trials": 6},
    "executor": "subprocess",
    "stopping_rules": [{"name": "median", "min_trials": 4}],
    "self_check": {"share": 0.1, "least_correlation": 0.2, "min_trials": 5},
    "on_notice": {"command": ["tools/tell.sh", "--urgent"]},
    "budget": {"max_trials": 20, "max_time": 3600, "target": 0.1, "max_failures_in_a_row": 4,
               "max_cost": 90},
    "cost": {"metric": "memory"},
    "max_parallel": 3,
    "keep_best": 2,
    "channels": {"train": "data/train"},
    "environment": {"LOG_LEVEL": "20"},
    "json_values": false,
    "stop_grace": 5,
    "time_limit": 600,
    "silence_limit": 60
  })json");
}

/// A request that SageMaker would take and that runs here.
inline Json amt_request() {
  return parsed(R"json({
    "HyperParameterTuningJobName": "cifar-bayes-3",
    "HyperParameterTuningJobConfig": {
      "Strategy": "Bayesian",
      "RandomSeed": 5,
      "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "val:acc"},
      "ResourceLimits": {
        "MaxNumberOfTrainingJobs": 40, "MaxParallelTrainingJobs": 4, "MaxRuntimeInSeconds": 7200
      },
      "ParameterRanges": {
        "ContinuousParameterRanges": [
          {"Name": "lr", "MinValue": "1e-5", "MaxValue": "0.1", "ScalingType": "Logarithmic"},
          {"Name": "momentum", "MinValue": "0.5", "MaxValue": "0.999",
           "ScalingType": "ReverseLogarithmic"},
          {"Name": "decay", "MinValue": "0", "MaxValue": "1", "ScalingType": "Linear"}
        ],
        "IntegerParameterRanges": [{"Name": "width", "MinValue": "8", "MaxValue": "512"}],
        "CategoricalParameterRanges": [{"Name": "act", "Values": ["relu", "gelu"]}]
      },
      "TrainingJobEarlyStoppingType": "Off",
      "TuningJobCompletionCriteria": {"TargetObjectiveMetricValue": 0.95}
    },
    "TrainingJobDefinition": {
      "AlgorithmSpecification": {
        "TrainingImage": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/cifar:2",
        "TrainingInputMode": "File",
        "MetricDefinitions": [
          {"Name": "val:acc", "Regex": "val_acc=([0-9.]+)"},
          {"Name": "val:loss", "Regex": "val_loss=([0-9.]+)"}
        ]
      },
      "RoleArn": "arn:aws:iam::123456789012:role/trainer",
      "OutputDataConfig": {"S3OutputPath": "s3://models/out"},
      "ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
      "StoppingCondition": {"MaxRuntimeInSeconds": 1800},
      "StaticHyperParameters": {"epochs": "10", "backend": "nccl"},
      "Environment": {"LOG_LEVEL": "20"},
      "RetryStrategy": {"MaximumRetryAttempts": 2}
    },
    "Tags": [{"Key": "team", "Value": "vision"}]
  })json");
}

/// Puts `value` (JSON text) at a pointer; "" removes what is there.
inline Json changed(Json json, const std::string& pointer, const std::string& value) {
  const Json::json_pointer at(pointer);
  if (value.empty()) {
    json.at(at.parent_pointer()).erase(at.back());
  } else {
    json[at] = parsed(value);
  }
  return json;
}

}  // namespace tunesmith::test
