"""Hyperparameter tuning: ask for trials, tell results.

>>> import tunesmith
>>> space = tunesmith.Space().add_float("x", -3, 3).add_int("n", 1, 4)
>>> study = tunesmith.tune(lambda p: (p["x"] - 1) ** 2 + p["n"], space, 30, strategy="random")
>>> study.best.params["n"]
1
"""

from ._tune import tune
from ._tunesmith import Error, Mistake, Space, Study, Trial, TrialRun, __version__, search_strategies

__all__ = [
    "Error",
    "Mistake",
    "Space",
    "Study",
    "Trial",
    "TrialRun",
    "__version__",
    "search_strategies",
    "tune",
]
