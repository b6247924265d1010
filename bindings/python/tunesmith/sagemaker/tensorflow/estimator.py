"""The estimator TensorFlow, as in sagemaker.tensorflow.estimator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..estimator import Framework

__all__ = ["TensorFlow"]


class TensorFlow(Framework):
    """Trains by a script that uses TensorFlow, with what is installed here.

    The arguments that mean something are Estimator's: entry_point, source_dir, hyperparameters, metric_definitions and
    so on; versions, images, instances and distribution are accepted and named in one IgnoredArgumentsWarning.
    The script gets no --model_dir; what it is to keep goes into SM_MODEL_DIR.

    >>> from tunesmith.sagemaker.tensorflow import TensorFlow
    >>> TensorFlow(entry_point="train.py", hyperparameters={"epochs": 1}).hyperparameters()
    {'epochs': '1'}
    """

    def __init__(
        self,
        py_version: str | None = None,
        framework_version: str | None = None,
        model_dir: str | bool | None = None,
        image_uri: str | None = None,
        distribution: Mapping[str, Any] | None = None,
        compiler_config: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            py_version=py_version,
            framework_version=framework_version,
            model_dir=model_dir or None,
            image_uri=image_uri,
            distribution=distribution,
            compiler_config=compiler_config,
            **kwargs,
        )
