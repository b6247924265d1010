"""The estimator XGBoost, as in sagemaker.xgboost.estimator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..estimator import Framework

__all__ = ["XGBoost"]


class XGBoost(Framework):
    """Trains by a script that uses XGBoost, with what is installed here.

    The arguments that mean something are Estimator's: entry_point, source_dir, hyperparameters, metric_definitions and
    so on; versions, images, instances and distribution are accepted and named in one IgnoredArgumentsWarning.

    >>> from tunesmith.sagemaker.xgboost import XGBoost
    >>> XGBoost("train.py", "1.7-1", hyperparameters={"epochs": 1}).hyperparameters()
    {'epochs': '1'}
    """

    def __init__(
        self,
        entry_point: str,
        framework_version: str,
        source_dir: str | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        py_version: str = "py3",
        image_uri: str | None = None,
        image_uri_region: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            entry_point=entry_point,
            framework_version=framework_version,
            source_dir=source_dir,
            hyperparameters=hyperparameters,
            py_version=None if py_version == "py3" else py_version,
            image_uri=image_uri,
            image_uri_region=image_uri_region,
            **kwargs,
        )
