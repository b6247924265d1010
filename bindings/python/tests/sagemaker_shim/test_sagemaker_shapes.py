"""Requests and answers fit the service's own model, where botocore is installed."""

import datetime
import json

import pytest
from tunesmith.sagemaker import Session
from tunesmith.sagemaker.tuner import (
    CategoricalParameter,
    ContinuousParameter,
    IntegerParameter,
    TuningJobCompletionCriteriaConfig,
)

PYTHON_TYPES = {
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "timestamp": datetime.datetime,
}


@pytest.fixture(scope="module")
def model():
    session = pytest.importorskip("botocore.session", reason="botocore is not installed")
    return session.get_session().get_service_model("sagemaker")


def differences(shape, value, path=""):
    """Where a value does not fit a shape: unknown and missing members, types, enumerations."""
    if shape.type_name == "structure":
        if not isinstance(value, dict):
            return [f"{path}: {value!r}"]
        found = [f"{path}/{name}: unknown" for name in value if name not in shape.members]
        found += [f"{path}/{name}: missing" for name in shape.required_members if name not in value]
        for name in value.keys() & shape.members.keys():
            found += differences(shape.members[name], value[name], f"{path}/{name}")
        return found
    if shape.type_name == "list":
        return [one for n, item in enumerate(value) for one in differences(shape.member, item, f"{path}/{n}")]
    if shape.type_name == "map":
        return [one for name, item in value.items() for one in differences(shape.value, item, f"{path}/{name}")]
    good = isinstance(value, PYTHON_TYPES[shape.type_name])
    good = good and not (shape.type_name != "boolean" and isinstance(value, bool))
    good = good and (not getattr(shape, "enum", None) or value in shape.enum)
    return [] if good else [f"{path}: {value!r} is no {shape.type_name} {getattr(shape, 'enum', '')}"]


@pytest.fixture
def tuner(quadratic, tmp_path):
    (tmp_path / "data").mkdir()
    return quadratic(
        {
            "x": ContinuousParameter(0, 1),
            "kind": CategoricalParameter(["a", "b"]),
            "sleep": IntegerParameter(0, 0),
        },
        max_parallel_jobs=2,
        max_runtime_in_seconds=3600,
        tags=[{"Key": "team", "Value": "vision"}],
        completion_criteria_config=TuningJobCompletionCriteriaConfig(50, True, -1.0),
        early_stopping_type="Auto",
        random_seed=1,
        estimator_name="net",
    )


def test_the_request_is_the_services(model, tuner):
    request = tuner.request("name")
    shape = model.operation_model("CreateHyperParameterTuningJob").input_shape
    assert differences(shape, request) == []
    # The model's own checker, which the SDK runs before it sends a request.
    validate = pytest.importorskip("botocore.validate")
    assert validate.ParamValidator().validate(request, shape).generate_report() == ""


def test_the_answers_are_the_services(model, tuner):
    tuner.fit({"training": "data"}, job_name="parent")
    child = tuner.identical_dataset_and_algorithm_tuner()
    child.fit({"training": "data"}, job_name="child")
    answer = child.describe()
    assert "OverallBestTrainingJob" in answer
    shape = model.operation_model("DescribeHyperParameterTuningJob").output_shape
    assert differences(shape, answer) == []
    summary = model.shape_for("HyperParameterTrainingJobSummary")
    for one in child.analytics().training_job_summaries():
        assert differences(summary, one) == []
    json.dumps(answer, default=str)

    training = Session().describe_training_job(child.best_training_job())
    shape = model.operation_model("DescribeTrainingJob").output_shape
    assert differences(shape, training) == []
