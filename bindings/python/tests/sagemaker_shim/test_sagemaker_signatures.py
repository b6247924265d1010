"""Names and arguments are those of the SDK, where it is installed."""

import importlib
import importlib.util
import inspect
import os

import pytest

# What reads its own configuration and prints at import.
os.environ.setdefault("SAGEMAKER_SUPPRESS_V2_WARNING", "1")

NAMES = [
    ("tuner", "HyperparameterTuner"),
    ("tuner", "WarmStartConfig"),
    ("tuner", "StrategyConfig"),
    ("tuner", "HyperbandStrategyConfig"),
    ("tuner", "TuningJobCompletionCriteriaConfig"),
    ("tuner", "InstanceConfig"),
    ("tuner", "create_identical_dataset_and_algorithm_tuner"),
    ("tuner", "create_transfer_learning_tuner"),
    ("parameter", "ParameterRange"),
    ("parameter", "ContinuousParameter"),
    ("parameter", "IntegerParameter"),
    ("parameter", "CategoricalParameter"),
    ("analytics", "HyperparameterTuningJobAnalytics"),
    ("analytics", "TrainingJobAnalytics"),
    ("inputs", "TrainingInput"),
    ("session", "Session"),
    ("session", "get_execution_role"),
    ("estimator", "Estimator"),
    ("estimator", "Framework"),
    ("pytorch", "PyTorch"),
    ("tensorflow", "TensorFlow"),
    ("sklearn", "SKLearn"),
    ("xgboost", "XGBoost"),
    ("mxnet", "MXNet"),
    ("huggingface", "HuggingFace"),
]
METHODS = {
    "HyperparameterTuner": (
        "fit wait describe best_training_job best_estimator analytics stop_tuning_job attach create "
        "hyperparameter_ranges hyperparameter_ranges_dict override_resource_config transfer_learning_tuner "
        "identical_dataset_and_algorithm_tuner"
    ),
    "HyperparameterTuningJobAnalytics": "dataframe description training_job_summaries clear_cache export_csv",
    "Session": (
        "upload_data default_bucket describe_tuning_job describe_training_job stop_tuning_job wait_for_tuning_job"
    ),
    "Estimator": "fit hyperparameters set_hyperparameters attach logs",
    "WarmStartConfig": "to_input_req from_job_desc",
    "StrategyConfig": "to_input_req from_job_desc",
    "HyperbandStrategyConfig": "to_input_req from_job_desc",
    "TuningJobCompletionCriteriaConfig": "to_input_req from_job_desc",
    "CategoricalParameter": "is_valid as_tuning_range as_json_range",
    "ContinuousParameter": "is_valid as_tuning_range",
}


@pytest.fixture(scope="module")
def sdk():
    """Imports a module of the SDK."""
    if importlib.util.find_spec("sagemaker") is None:
        pytest.skip("sagemaker is not installed")
    if importlib.util.find_spec("sagemaker.tuner") is None:
        pytest.skip("sagemaker is installed, but not version 2")
    return lambda name: importlib.import_module(f"sagemaker.{name}")


def arguments(function):
    """Name and default of each argument by position; what is our own is by keyword only."""
    found = inspect.signature(function).parameters.values()
    return [(one.name, one.default) for one in found if one.kind == one.POSITIONAL_OR_KEYWORD]


@pytest.mark.parametrize("module, name", NAMES)
def test_the_arguments_are_the_sdks(sdk, module, name):
    ours = getattr(importlib.import_module(f"tunesmith.sagemaker.{module}"), name)
    theirs = getattr(sdk(module), name)
    if name != "Estimator":
        assert arguments(ours) == arguments(theirs)
    else:  # the image may be left out here
        assert arguments(ours)[1:] == arguments(theirs)[1:]


@pytest.mark.parametrize("module, name", [pair for pair in NAMES if pair[1] in METHODS])
def test_the_methods_are_the_sdks(sdk, module, name):
    for method in METHODS[name].split():
        ours = getattr(getattr(importlib.import_module(f"tunesmith.sagemaker.{module}"), name), method)
        theirs = getattr(getattr(sdk(module), name), method)
        assert arguments(ours) == arguments(theirs), method


def test_requests_are_the_sdks(sdk):
    """The parts of a request are equal."""
    from tunesmith.sagemaker import tuner

    for build in (
        lambda it: it.ContinuousParameter(0.001, 0.1, "Logarithmic").as_tuning_range("lr"),
        lambda it: it.IntegerParameter(1, 5).as_tuning_range("n"),
        lambda it: it.CategoricalParameter([32, True, "a"]).as_tuning_range("c"),
        lambda it: it.CategoricalParameter([32, True, "a"]).as_json_range("c"),
        lambda it: it.CategoricalParameter("one").as_tuning_range("c"),
        lambda it: it.StrategyConfig(it.HyperbandStrategyConfig(27, 3)).to_input_req(),
        lambda it: it.WarmStartConfig(it.WarmStartTypes.TRANSFER_LEARNING, {"a"}).to_input_req(),
        lambda it: it.TuningJobCompletionCriteriaConfig(5, True, 0.9).to_input_req(),
        lambda it: it.TuningJobCompletionCriteriaConfig(complete_on_convergence=False).to_input_req(),
        lambda it: it.InstanceConfig(1, "ml.m5.large", 10).to_input_req(),
    ):
        assert build(tuner) == build(sdk("tuner"))
