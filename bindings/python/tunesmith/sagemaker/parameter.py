"""Ranges of hyperparameters, as in sagemaker.parameter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Union

__all__ = ["CategoricalParameter", "ContinuousParameter", "IntegerParameter", "ParameterRange"]

Number = Union[int, float]


class ParameterRange:
    """What the kinds of ranges have in common; use ContinuousParameter, IntegerParameter or CategoricalParameter.

    >>> from tunesmith.sagemaker.parameter import ContinuousParameter, ParameterRange
    >>> isinstance(ContinuousParameter(0, 1), ParameterRange)
    True
    """

    kind = "Continuous"
    """The list of a tuning request that it stands in, e.g. "Continuous" for ContinuousParameterRanges."""

    def __init__(self, min_value: Number, max_value: Number, scaling_type: str = "Auto") -> None:
        self.min_value = min_value
        self.max_value = max_value
        self.scaling_type = scaling_type

    def is_valid(self, value: Any) -> bool:
        """Whether a value of the range's type lies between min_value and max_value, both included."""
        return bool(self.min_value <= self.cast_to_type(value) <= self.max_value)

    @classmethod
    def cast_to_type(cls, value: Any) -> Any:
        """The value as the range's type: float, int or str."""
        return float(value)

    def as_tuning_range(self, name: str) -> dict[str, Any]:
        """The range as it stands in a tuning request; all values are strings."""
        return {
            "Name": name,
            "MinValue": str(self.min_value),
            "MaxValue": str(self.max_value),
            "ScalingType": self.scaling_type,
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.min_value!r}, {self.max_value!r}, {self.scaling_type!r})"


class ContinuousParameter(ParameterRange):
    """A real number from min_value to max_value, both included.

    min_value, max_value -- min_value at most max_value; the same number twice makes a fixed parameter
    scaling_type -- "Auto" (default), "Linear", "Logarithmic" (min_value above 0) or "ReverseLogarithmic" (0 at least,
                    and below 1)

    Nothing is checked here: fit() raises tunesmith.Error with every mistake of all ranges.

    >>> from tunesmith.sagemaker.tuner import ContinuousParameter
    >>> ContinuousParameter(0.001, 0.1, "Logarithmic").as_tuning_range("lr")
    {'Name': 'lr', 'MinValue': '0.001', 'MaxValue': '0.1', 'ScalingType': 'Logarithmic'}
    """

    kind = "Continuous"


class IntegerParameter(ParameterRange):
    """An integer from min_value to max_value, both included.

    min_value, max_value -- as for ContinuousParameter
    scaling_type -- "Auto" (default), "Linear" or "Logarithmic" (min_value above 0)

    >>> from tunesmith.sagemaker.tuner import IntegerParameter
    >>> IntegerParameter(2, 8).is_valid(9)
    False
    """

    kind = "Integer"

    @classmethod
    def cast_to_type(cls, value: Any) -> int:
        """The value as an int."""
        return int(value)


class CategoricalParameter(ParameterRange):
    """One of several values without an order.

    values -- a list of at least one; a single value stands for a list of it. They are turned into strings, and reach
              the script as its text argument: 32 as "32", True as "True"

    >>> from tunesmith.sagemaker.tuner import CategoricalParameter
    >>> CategoricalParameter([32, 64]).as_tuning_range("batch-size")
    {'Name': 'batch-size', 'Values': ['32', '64']}
    """

    kind = "Categorical"

    def __init__(self, values: Sequence[Any] | Any) -> None:
        many = isinstance(values, Sequence) and not isinstance(values, (str, bytes))
        self.values: list[str] = [str(value) for value in (values if many else [values])]

    def is_valid(self, value: Any) -> bool:
        """Whether it is one of the values."""
        return value in self.values

    @classmethod
    def cast_to_type(cls, value: Any) -> str:
        """The value as a str."""
        return str(value)

    def as_tuning_range(self, name: str) -> dict[str, Any]:
        """The range as it stands in a tuning request."""
        return {"Name": name, "Values": list(self.values)}

    def as_json_range(self, name: str) -> dict[str, Any]:
        """The same with every value as JSON, as framework estimators send it.

        >>> from tunesmith.sagemaker.tuner import CategoricalParameter
        >>> CategoricalParameter(["sgd"]).as_json_range("optimizer")
        {'Name': 'optimizer', 'Values': ['"sgd"']}
        """
        return {"Name": name, "Values": [json.dumps(value) for value in self.values]}

    def __repr__(self) -> str:
        return f"CategoricalParameter({self.values!r})"
