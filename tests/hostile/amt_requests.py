"""Requests in the shape of SageMaker's CreateHyperParameterTuningJob that are right, and how each may be spoilt."""

import copy
import re

from mistakes import Raw, removing, setting

DEFINITION = {
    "AlgorithmSpecification": {
        "TrainingImage": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/cifar:2",
        "TrainingInputMode": "File",
        "MetricDefinitions": [
            {"Name": "val:acc", "Regex": "val_acc=([0-9.]+)"},
            {"Name": "val:loss", "Regex": "val_loss=([0-9.]+)"},
        ],
    },
    "RoleArn": "arn:aws:iam::123456789012:role/trainer",
    "InputDataConfig": [
        {
            "ChannelName": "training",
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/data"}},
            "CompressionType": "None",
        }
    ],
    "OutputDataConfig": {"S3OutputPath": "s3://models/out"},
    "ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    "StoppingCondition": {"MaxRuntimeInSeconds": 1800},
    "EnableNetworkIsolation": False,
    "CheckpointConfig": {"S3Uri": "s3://models/checkpoints", "LocalPath": "/opt/ml/checkpoints"},
    "StaticHyperParameters": {"epochs": "10", "backend": "nccl"},
    "Environment": {"LOG_LEVEL": "20"},
    "RetryStrategy": {"MaximumRetryAttempts": 2},
}

RANGES = {
    "ContinuousParameterRanges": [
        {"Name": "lr", "MinValue": "1e-5", "MaxValue": "0.1", "ScalingType": "Logarithmic"},
        {"Name": "momentum", "MinValue": "0.5", "MaxValue": "0.999", "ScalingType": "ReverseLogarithmic"},
    ],
    "IntegerParameterRanges": [{"Name": "width", "MinValue": "8", "MaxValue": "512", "ScalingType": "Auto"}],
    "CategoricalParameterRanges": [{"Name": "act", "Values": ["relu", "gelu"]}],
}

BAYESIAN = {
    "HyperParameterTuningJobName": "cifar-bayes-3",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Bayesian",
        "RandomSeed": 5,
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "val:acc"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 40, "MaxParallelTrainingJobs": 4, "MaxRuntimeInSeconds": 7200},
        "ParameterRanges": RANGES,
        "TrainingJobEarlyStoppingType": "Auto",
        "TuningJobCompletionCriteria": {
            "TargetObjectiveMetricValue": 0.95,
            "BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": 10},
            "ConvergenceDetected": {"CompleteOnConvergence": "Enabled"},
        },
    },
    "TrainingJobDefinition": DEFINITION,
    "Tags": [{"Key": "team", "Value": "vision"}],
}


def several():
    request = copy.deepcopy(BAYESIAN)
    config = request["HyperParameterTuningJobConfig"]
    for key in ("HyperParameterTuningJobObjective", "ParameterRanges", "TrainingJobEarlyStoppingType"):
        del config[key]
    del request["TrainingJobDefinition"]
    definitions = []
    for name in ("first", "second"):
        definition = copy.deepcopy(DEFINITION)
        definition["DefinitionName"] = name
        definition["TuningObjective"] = {"Type": "Minimize", "MetricName": "val:loss"}
        definition["HyperParameterRanges"] = copy.deepcopy(RANGES)
        definitions.append(definition)
    request["TrainingJobDefinitions"] = definitions
    return request


def hyperband():
    request = copy.deepcopy(BAYESIAN)
    config = request["HyperParameterTuningJobConfig"]
    config["Strategy"] = "Hyperband"
    config["StrategyConfig"] = {"HyperbandStrategyConfig": {"MinResource": 1, "MaxResource": 27}}
    config["TrainingJobEarlyStoppingType"] = "Off"
    return request


def grid():
    return {
        "HyperParameterTuningJobName": "grid-1",
        "HyperParameterTuningJobConfig": {
            "Strategy": "Grid",
            "HyperParameterTuningJobObjective": {"Type": "Minimize", "MetricName": "val:loss"},
            "ResourceLimits": {"MaxParallelTrainingJobs": 2},
            "ParameterRanges": {
                "CategoricalParameterRanges": [
                    {"Name": "act", "Values": ["relu", "gelu"]},
                    {"Name": "size", "Values": ["s", "m", "l"]},
                ]
            },
        },
        "TrainingJobDefinition": copy.deepcopy(DEFINITION),
    }


BASES = {"bayesian": BAYESIAN, "several definitions": several(), "hyperband": hyperband(), "amt grid": grid()}


def also_right(pointer):
    return {"number"} if pointer.endswith("/TargetObjectiveMetricValue") else set()


def is_fit(mistake):
    # Any number that fits is a value.
    return not re.search(r"(RandomSeed|InstanceCount|VolumeSizeInGB) = 1000|TargetObjectiveMetricValue = .*\d$", mistake.name)


def stays_put(mistake):
    """A request is told by this key: without it the file is a job of our own."""
    return mistake.name != "/HyperParameterTuningJobName left out"


REQUIRED = r"""
/HyperParameterTuningJobConfig
.*/Strategy
.*/(HyperParameterTuningJobObjective|TuningObjective)/(Type|MetricName)
.*/ResourceLimits(/MaxParallelTrainingJobs)?
.*Ranges/\d+/(Name|MinValue|MaxValue|Values)
.*/AlgorithmSpecification(/TrainingImage|/TrainingInputMode)?
.*/MetricDefinitions/\d+/(Name|Regex)
.*/RoleArn
.*/InputDataConfig/\d+/(ChannelName|DataSource)
.*/S3DataSource/(S3DataType|S3Uri)
.*/OutputDataConfig(/S3OutputPath)?
.*/StoppingCondition
.*/CheckpointConfig/S3Uri
.*/RetryStrategy/MaximumRetryAttempts
.*/CompleteOnConvergence
/Tags/\d+/(Key|Value)
/TrainingJobDefinition
/TrainingJobDefinitions/\d+/(DefinitionName|TuningObjective|HyperParameterRanges)
""".split()
OPTIONAL = r".*/ConvergenceDetected/CompleteOnConvergence"


def missing(request):
    from mistakes import pointers

    for pointer in pointers(request):
        if any(re.fullmatch(pattern, pointer) for pattern in REQUIRED) and not re.fullmatch(OPTIONAL, pointer):
            yield removing(pointer)


CONFIG = "/HyperParameterTuningJobConfig"
RANGE = CONFIG + "/ParameterRanges"
ONE = "/TrainingJobDefinition"
SECOND = "/TrainingJobDefinitions/1"

# kind of request -> (place, value, paths where they are not the place alone)
BY_HAND = {
    "bayesian": [
        ("/HyperParameterTuningJobName", "", None),
        ("/HyperParameterTuningJobName", "ends-with-", None),
        ("/HyperParameterTuningJobName", "under_score", None),
        ("/HyperParameterTuningJobName", "../up", None),
        (CONFIG + "/Strategy", "Bayes", None),
        (CONFIG + "/Strategy", "bayesian", None),
        (CONFIG + "/RandomSeed", -1, None),
        (CONFIG + "/RandomSeed", Raw("1e19"), None),
        (CONFIG + "/HyperParameterTuningJobObjective/Type", "Max", None),
        (CONFIG + "/HyperParameterTuningJobObjective/MetricName", "val:accuracy", None),
        (CONFIG + "/ResourceLimits/MaxNumberOfTrainingJobs", 0, None),
        (CONFIG + "/ResourceLimits/MaxParallelTrainingJobs", 0, None),
        (CONFIG + "/ResourceLimits/MaxNumberOfTrainingJobs", Raw("9223372036854775808"), None),
        (CONFIG + "/ResourceLimits/MaxRuntimeInSeconds", -1, None),
        (CONFIG + "/TrainingJobEarlyStoppingType", "On", None),
        (CONFIG + "/StrategyConfig", {"HyperbandStrategyConfig": {"MaxResource": 9}}, None),
        (CONFIG + "/TuningJobCompletionCriteria/ConvergenceDetected/CompleteOnConvergence", "Yes", None),
        (CONFIG + "/TuningJobCompletionCriteria/TargetObjectiveMetricValue", Raw("1e400"), None),
        (RANGE + "/ContinuousParameterRanges/0/MinValue", "abc", None),
        (RANGE + "/ContinuousParameterRanges/0/MinValue", "0", None),
        (RANGE + "/ContinuousParameterRanges/0/MinValue", "-1", None),
        (RANGE + "/ContinuousParameterRanges/0/MinValue", "nan", None),
        (RANGE + "/ContinuousParameterRanges/0/MaxValue", "inf", None),
        (RANGE + "/ContinuousParameterRanges/0/MinValue", "0.2", None),
        (RANGE + "/ContinuousParameterRanges/0/MinValue", "", None),
        (RANGE + "/ContinuousParameterRanges/0/MinValue", "1 ", None),
        (RANGE + "/ContinuousParameterRanges/0/ScalingType", "Log", None),
        (RANGE + "/ContinuousParameterRanges/1/MaxValue", "1", None),
        (RANGE + "/ContinuousParameterRanges/1/MinValue", "-0.1", None),
        (RANGE + "/ContinuousParameterRanges/1/Name", "lr", None),
        (RANGE + "/IntegerParameterRanges/0/Name", "lr", None),
        (RANGE + "/IntegerParameterRanges/0/MinValue", "8.5", None),
        (RANGE + "/IntegerParameterRanges/0/MinValue", "513", None),
        (RANGE + "/IntegerParameterRanges/0/MaxValue", "99999999999999999999", None),
        (RANGE + "/IntegerParameterRanges/0/ScalingType", "ReverseLogarithmic", None),
        (RANGE + "/CategoricalParameterRanges/0/Values", [], None),
        (RANGE + "/CategoricalParameterRanges/0/Values/1", "relu", None),
        (RANGE + "/CategoricalParameterRanges/0/Name", "epochs", [ONE + "/StaticHyperParameters/epochs"]),
        (ONE + "/AlgorithmSpecification/TrainingInputMode", "Files", None),
        (ONE + "/AlgorithmSpecification/MetricDefinitions/0/Regex", "val_acc=(", None),
        (ONE + "/AlgorithmSpecification/MetricDefinitions/0/Regex", "val_acc=[0-9]+", None),
        (ONE + "/AlgorithmSpecification/MetricDefinitions/1/Name", "val:acc", None),
        (ONE + "/AlgorithmSpecification/MetricDefinitions/1/Name", "", None),
        (ONE + "/AlgorithmSpecification/AlgorithmName", "mine", None),
        (ONE + "/RoleArn", "trainer", None),
        (ONE + "/InputDataConfig/0/DataSource/S3DataSource/S3Uri", "http://bucket", None),
        (ONE + "/InputDataConfig/0/DataSource/S3DataSource/S3DataType", "Prefix", None),
        (ONE + "/InputDataConfig/0/ChannelName", "tra ining", None),
        (ONE + "/InputDataConfig/0/DataSource", {}, None),
        (ONE + "/InputDataConfig/0/CompressionType", "gzip", None),
        (ONE + "/OutputDataConfig/S3OutputPath", "models", None),
        (ONE + "/ResourceConfig/InstanceCount", -1, None),
        (ONE + "/ResourceConfig/InstanceType", "g5.xlarge", None),
        (ONE + "/StoppingCondition/MaxRuntimeInSeconds", 0, None),
        (ONE + "/RetryStrategy/MaximumRetryAttempts", 0, None),
        (ONE + "/DefinitionName", "", None),
        ("/TrainingJobDefinitions", [DEFINITION], ["/TrainingJobDefinition"]),
        ("/Tags/0/Key", "", None),
        ("/WarmStartConfig", {"WarmStartType": "Same", "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "p"}]}, ["/WarmStartConfig/WarmStartType"]),
        ("/WarmStartConfig", {"WarmStartType": "TransferLearning", "ParentHyperParameterTuningJobs": []}, ["/WarmStartConfig/ParentHyperParameterTuningJobs"]),
        ("/WarmStartConfig", {"WarmStartType": "TransferLearning"}, ["/WarmStartConfig/ParentHyperParameterTuningJobs"]),
        ("/Autotune", {"Mode": "On"}, ["/Autotune/Mode"]),
    ],
    "several definitions": [
        (SECOND + "/DefinitionName", "first", None),
        (SECOND + "/TuningObjective/MetricName", "val:losss", None),
        (SECOND + "/TuningObjective/Type", "Least", None),
        (SECOND + "/HyperParameterRanges/ContinuousParameterRanges/0/MinValue", "0", None),
        (SECOND + "/HyperParameterRanges/IntegerParameterRanges/0/MinValue", "1000", None),
        (CONFIG + "/TrainingJobEarlyStoppingType", "Auto", None),
        (CONFIG + "/ParameterRanges", {}, None),
        (CONFIG + "/HyperParameterTuningJobObjective", {"Type": "Minimize", "MetricName": "val:loss"}, None),
        ("/TrainingJobDefinitions", [], None),
        (
            "/WarmStartConfig",
            {"WarmStartType": "TransferLearning", "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": "p"}]},
            None,
        ),
    ],
    "hyperband": [
        (CONFIG + "/TrainingJobEarlyStoppingType", "Auto", None),
        (CONFIG + "/StrategyConfig/HyperbandStrategyConfig/MaxResource", 0, None),
        (CONFIG + "/StrategyConfig/HyperbandStrategyConfig/MinResource", 28, None),
        (CONFIG + "/StrategyConfig/HyperbandStrategyConfig/MinResource", 0, None),
    ],
    "amt grid": [
        (
            RANGE + "/ContinuousParameterRanges",
            [{"Name": "lr", "MinValue": "0", "MaxValue": "1"}],
            [RANGE + "/ContinuousParameterRanges/0"],
        ),
        (RANGE + "/CategoricalParameterRanges/1/Name", "act", None),
        (RANGE + "/CategoricalParameterRanges/1/Values/2", "s", None),
    ],
}

# What only the service itself minds.
STRICT = {
    "bayesian": [
        (CONFIG + "/TuningJobCompletionCriteria/BestObjectiveNotImproving/MaxNumberOfTrainingJobsNotImproving", 2, None),
        ("/HyperParameterTuningJobName", "n" * 33, None),
        (CONFIG + "/ResourceLimits/MaxNumberOfTrainingJobs", 751, None),
        (CONFIG + "/ResourceLimits/MaxParallelTrainingJobs", 101, None),
        (CONFIG + "/ResourceLimits/MaxRuntimeInSeconds", 119, None),
        (CONFIG + "/ResourceLimits/MaxRuntimeInSeconds", 15768001, None),
        (RANGE + "/CategoricalParameterRanges/0/Values", [f"v{i}" for i in range(31)], None),
        (RANGE + "/CategoricalParameterRanges/0/Values/0", "v" * 257, None),
        (RANGE + "/ContinuousParameterRanges/0/MinValue", "0.1", None),
        (ONE + "/StaticHyperParameters/backend", "n" * 2501, None),
        (ONE + "/AlgorithmSpecification/MetricDefinitions/1/Regex", "(a" + "a" * 499 + ")", None),
        (ONE + "/RetryStrategy/MaximumRetryAttempts", 31, None),
        ("/Tags/0/Key", "k" * 129, None),
        ("/tunesmith", {}, None),
    ],
    "amt grid": [(CONFIG + "/ResourceLimits/MaxNumberOfTrainingJobs", 5, None)],
}


def by_hand(kind, strict=False):
    return [setting(*case) for case in (STRICT if strict else BY_HAND).get(kind, [])]
