"""SageMaker's tuning API on this machine: change `sagemaker` in the import lines to `tunesmith.sagemaker`.

Trials are processes of this machine; role, instances and images are accepted and have no meaning. See
docs/from_sagemaker.md.

>>> from tunesmith.sagemaker.tuner import CategoricalParameter, ContinuousParameter
>>> ranges = {"lr": ContinuousParameter(0.001, 0.1), "batch-size": CategoricalParameter([32, 64, 128])}
"""

import importlib
from typing import Any

from .. import __version__
from . import analytics, estimator, exceptions, image_uris, inputs, parameter, session, tuner
from ._arguments import IgnoredArgumentsWarning
from .analytics import HyperparameterTuningJobAnalytics, TrainingJobAnalytics
from .inputs import TrainingInput, s3_input
from .session import LocalSession, Session, get_execution_role

__all__ = [
    "HyperparameterTuningJobAnalytics",
    "IgnoredArgumentsWarning",
    "LocalSession",
    "Session",
    "TrainingInput",
    "TrainingJobAnalytics",
    "__version__",
    "analytics",
    "estimator",
    "exceptions",
    "get_execution_role",
    "image_uris",
    "inputs",
    "parameter",
    "s3_input",
    "session",
    "tuner",
]

_FRAMEWORKS = frozenset({"huggingface", "mxnet", "pytorch", "sklearn", "tensorflow", "xgboost"})


def __getattr__(name: str) -> Any:
    """The modules of the frameworks, when they are asked for."""
    if name in _FRAMEWORKS:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
