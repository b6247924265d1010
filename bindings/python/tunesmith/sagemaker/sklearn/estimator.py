"""The estimator SKLearn, as in sagemaker.sklearn.estimator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..estimator import Framework

__all__ = ["SKLearn"]


class SKLearn(Framework):
    """Trains by a script that uses scikit-learn, with what is installed here.

    The arguments that mean something are Estimator's: entry_point, source_dir, hyperparameters, metric_definitions and
    so on; versions, images, instances and distribution are accepted and named in one IgnoredArgumentsWarning.

    >>> from tunesmith.sagemaker.sklearn import SKLearn
    >>> SKLearn(entry_point="train.py", hyperparameters={"epochs": 1}).hyperparameters()
    {'epochs': '1'}
    """

    def __init__(
        self,
        entry_point: str,
        framework_version: str | None = None,
        py_version: str = "py3",
        source_dir: str | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        image_uri: str | None = None,
        image_uri_region: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            entry_point=entry_point,
            framework_version=framework_version,
            py_version=None if py_version == "py3" else py_version,
            source_dir=source_dir,
            hyperparameters=hyperparameters,
            image_uri=image_uri,
            image_uri_region=image_uri_region,
            **kwargs,
        )
