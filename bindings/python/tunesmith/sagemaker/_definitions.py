"""One estimator of a tuner with what belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from . import _request
from ._base import EstimatorBase
from .parameter import ParameterRange


class Definition(NamedTuple):
    """An estimator, its objective and its ranges; it makes a TrainingJobDefinition."""

    name: str | None
    estimator: EstimatorBase
    objective: str
    ranges: dict[str, ParameterRange]
    metric_definitions: Sequence[Mapping[str, str]] | None
    keep_static: list[str]

    @classmethod
    def checked(
        cls,
        name: str | None,
        estimator: EstimatorBase,
        objective: str,
        ranges: Mapping[str, ParameterRange] | None,
        metric_definitions: Sequence[Mapping[str, str]] | None,
        keep_static: Sequence[str] | None,
    ) -> Definition:
        """A definition. Raises TypeError for what is not of this package, e.g. where an import line was not changed."""
        wrong = [
            f'hyperparameter_ranges["{key}"] is of type {_kind(one)}'
            for key, one in (ranges or {}).items()
            if not isinstance(one, ParameterRange)
        ]
        if not isinstance(estimator, EstimatorBase):
            wrong.insert(0, f"estimator is of type {_kind(estimator)}")
        if wrong:
            raise TypeError("; ".join(wrong) + "; take estimators and ranges from tunesmith.sagemaker")
        return cls(name, estimator, objective, dict(ranges or {}), metric_definitions, list(keep_static or []))

    def request_objective(self, objective_type: str) -> dict[str, Any]:
        """HyperParameterTuningJobObjective."""
        return {"Type": objective_type, "MetricName": self.objective}

    def request_ranges(self, autotune: bool = False) -> dict[str, Any]:
        """ParameterRanges; with autotune every static value that is not to be kept is a hint."""
        found: dict[str, Any] = _request.ranges(self.estimator, self.ranges)
        if autotune:
            found["AutoParameters"] = [
                {"Name": name, "ValueHint": value} for name, value in self._statics().items() if self._is_hint(name)
            ]
        return found

    def request(self, autotune: bool) -> dict[str, Any]:
        """TrainingJobDefinition."""
        found = _request.definition(self.estimator, self.ranges, self.metric_definitions)
        if autotune:
            statics = found["StaticHyperParameters"]
            found["StaticHyperParameters"] = {name: value for name, value in statics.items() if not self._is_hint(name)}
        return {"DefinitionName": self.name, **found} if self.name else found

    def request_of_several(self, objective_type: str, autotune: bool) -> dict[str, Any]:
        """One of TrainingJobDefinitions."""
        return {
            **self.request(autotune),
            "TuningObjective": self.request_objective(objective_type),
            "HyperParameterRanges": self.request_ranges(autotune),
        }

    def _statics(self) -> dict[str, str]:
        return _request.statics(self.estimator, self.ranges)

    def _is_hint(self, name: str) -> bool:
        return not name.startswith("sagemaker_") and name not in self.keep_static


def _kind(value: object) -> str:
    return f"{type(value).__module__}.{type(value).__qualname__}".replace("builtins.", "")
