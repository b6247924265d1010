"""Callbacks for training libraries: they report to a trial, and end the training when the trial is to end.

Each takes the reporter of an executor's objective, or the trial of an objective for optimize, and the library's name
of the metric. What it reports is the study's objective; a dict {"the study's name": "the library's name"} reports
several. Afterwards `stopped` tells whether the trial was asked to end: an objective for optimize then raises
TrialStopped; under an executor it may return what it likes.

>>> import tunesmith.callbacks
>>> tunesmith.callbacks.__all__
['KerasCallback', 'LightGBMCallback', 'LightningCallback', 'TransformersCallback', 'XGBoostCallback']
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._keras import KerasCallback
    from ._lightgbm import LightGBMCallback
    from ._lightning import LightningCallback
    from ._transformers import TransformersCallback
    from ._xgboost import XGBoostCallback

__all__ = ["KerasCallback", "LightGBMCallback", "LightningCallback", "TransformersCallback", "XGBoostCallback"]


def __getattr__(name: str) -> Any:
    # Each derives from a class of its library, which nobody wants to import for the others.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module = importlib.import_module(f"{__name__}._{name[: -len('Callback')].lower()}")
    return getattr(module, name)
