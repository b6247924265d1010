"""A tuner's arguments as a tuning request: CreateHyperParameterTuningJob with a block of what is run here."""

from __future__ import annotations

import importlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from . import estimator as estimators
from ._base import EstimatorBase
from .parameter import CategoricalParameter, ContinuousParameter, IntegerParameter, ParameterRange

_ROLE = "arn:aws:iam::000000000000:role/local"


def ranges(
    estimator: EstimatorBase, hyperparameter_ranges: Mapping[str, ParameterRange]
) -> dict[str, list[dict[str, Any]]]:
    """ParameterRanges: three lists."""
    found: dict[str, list[dict[str, Any]]] = {
        "ContinuousParameterRanges": [],
        "CategoricalParameterRanges": [],
        "IntegerParameterRanges": [],
    }
    for name, one in hyperparameter_ranges.items():
        as_json = getattr(one, "as_json_range", None)
        quoted = estimator.quotes_categories and as_json is not None
        found[f"{one.kind}ParameterRanges"].append(as_json(name) if quoted and as_json else one.as_tuning_range(name))
    return found


def statics(estimator: EstimatorBase, tuned: Mapping[str, ParameterRange]) -> dict[str, str]:
    """StaticHyperParameters: those that are not tuned, and what names the estimator's class and script."""
    found = {name: value for name, value in estimator.hyperparameters().items() if name not in tuned}
    if estimator.entry_point:
        found["sagemaker_program"] = json.dumps(estimator.entry_point)
    if estimator.source_dir:
        found["sagemaker_submit_directory"] = json.dumps(estimator.source_dir)
    known = public_class(type(estimator))
    found["sagemaker_estimator_class_name"] = json.dumps(known.__name__)
    found["sagemaker_estimator_module"] = json.dumps(known.__module__)
    return found


def public_class(cls: type[Any]) -> type[EstimatorBase]:
    """The class of this package that an estimator's class is, or is made from."""
    package = __name__.rpartition(".")[0]
    for one in cls.__mro__:
        if one.__module__.startswith(f"{package}.") and issubclass(one, EstimatorBase):
            return one
    return estimators.Estimator


def definition(
    estimator: EstimatorBase,
    tuned: Mapping[str, ParameterRange],
    metric_definitions: Sequence[Mapping[str, str]] | None,
) -> dict[str, Any]:
    """TrainingJobDefinition. What names the service's machines has a value only because the request needs one."""
    return {
        "AlgorithmSpecification": {
            "TrainingImage": str(estimator.image_uri or "local"),
            "TrainingInputMode": "File",
            "MetricDefinitions": [dict(one) for one in metric_definitions or estimator.metric_definitions or []],
        },
        "RoleArn": _ROLE,
        "OutputDataConfig": {"S3OutputPath": "s3://local/"},
        "ResourceConfig": {},
        "StoppingCondition": {"MaxRuntimeInSeconds": estimator.max_run},
        "StaticHyperParameters": statics(estimator, tuned),
    }


def ranges_from(lists: Mapping[str, Any]) -> dict[str, ParameterRange]:
    """The ranges of a request as objects."""
    found: dict[str, ParameterRange] = {}
    for one in lists.get("ContinuousParameterRanges", []):
        found[one["Name"]] = ContinuousParameter(
            float(one["MinValue"]), float(one["MaxValue"]), one.get("ScalingType", "Auto")
        )
    for one in lists.get("IntegerParameterRanges", []):
        found[one["Name"]] = IntegerParameter(
            int(one["MinValue"]), int(one["MaxValue"]), one.get("ScalingType", "Auto")
        )
    for one in lists.get("CategoricalParameterRanges", []):
        found[one["Name"]] = CategoricalParameter([_plain(value) for value in one["Values"]])
    return found


def _plain(value: str) -> str:
    """A value without the quotes of a framework estimator's."""
    return str(json.loads(value)) if value[:1] == value[-1:] == '"' and len(value) > 1 else value


def estimator_class(described: Mapping[str, Any]) -> type[EstimatorBase]:
    """The class that a definition names, of this package."""
    names = described.get("StaticHyperParameters", {})
    module = json.loads(names.get("sagemaker_estimator_module", '""'))
    name = json.loads(names.get("sagemaker_estimator_class_name", '""'))
    package = __name__.rpartition(".")[0]
    if not module.startswith(f"{package}."):
        return estimators.Estimator
    found = getattr(importlib.import_module(module), name, None)
    return found if isinstance(found, type) and issubclass(found, EstimatorBase) else estimators.Estimator


def tags(given: Any) -> list[dict[str, str]]:
    """A list of Key and Value; a plain dict is taken, too."""
    if not given:
        return []
    if isinstance(given, Mapping):
        return [{"Key": str(key), "Value": str(value)} for key, value in given.items()]
    return [dict(one) for one in given]
