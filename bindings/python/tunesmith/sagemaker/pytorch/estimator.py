"""The estimator PyTorch, as in sagemaker.pytorch.estimator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..estimator import Framework

__all__ = ["PyTorch"]


class PyTorch(Framework):
    """Trains by a script that uses PyTorch, with what is installed here.

    The arguments that mean something are Estimator's: entry_point, source_dir, hyperparameters, metric_definitions and
    so on; versions, images, instances and distribution are accepted and named in one IgnoredArgumentsWarning.

    >>> from tunesmith.sagemaker.pytorch import PyTorch
    >>> PyTorch(entry_point="train.py", hyperparameters={"epochs": 1}).hyperparameters()
    {'epochs': '1'}
    """

    def __init__(
        self,
        entry_point: str | None = None,
        framework_version: str | None = None,
        py_version: str | None = None,
        source_dir: str | None = None,
        hyperparameters: Mapping[str, Any] | None = None,
        image_uri: str | None = None,
        distribution: Mapping[str, Any] | None = None,
        compiler_config: Any = None,
        training_recipe: str | None = None,
        recipe_overrides: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            entry_point=entry_point,
            framework_version=framework_version,
            py_version=py_version,
            source_dir=source_dir,
            hyperparameters=hyperparameters,
            image_uri=image_uri,
            distribution=distribution,
            compiler_config=compiler_config,
            training_recipe=training_recipe,
            recipe_overrides=recipe_overrides,
            **kwargs,
        )
