"""The estimator HuggingFace, as in sagemaker.huggingface.estimator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..estimator import Framework

__all__ = ["HuggingFace"]


class HuggingFace(Framework):
    """Trains by a script that uses Hugging Face Transformers, with what is installed here.

    The arguments that mean something are Estimator's: entry_point, source_dir, hyperparameters, metric_definitions and
    so on; versions, images, instances and distribution are accepted and named in one IgnoredArgumentsWarning.

    >>> from tunesmith.sagemaker.huggingface import HuggingFace
    >>> HuggingFace("py310", "train.py", hyperparameters={"epochs": 1}).hyperparameters()
    {'epochs': '1'}
    """

    def __init__(
        self,
        py_version: str,
        entry_point: str,
        transformers_version: str | None = None,
        tensorflow_version: str | None = None,
        pytorch_version: str | None = None,
        source_dir: str | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        image_uri: str | None = None,
        distribution: Mapping[str, Any] | None = None,
        compiler_config: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            py_version=py_version,
            entry_point=entry_point,
            transformers_version=transformers_version,
            tensorflow_version=tensorflow_version,
            pytorch_version=pytorch_version,
            source_dir=source_dir,
            hyperparameters=hyperparameters,
            image_uri=image_uri,
            distribution=distribution,
            compiler_config=compiler_config,
            **kwargs,
        )
