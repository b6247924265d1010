"""tunesmith.callbacks.XGBoostCallback"""

from __future__ import annotations

from typing import Any

import xgboost

from ._report import Metrics, Report


class XGBoostCallback(xgboost.callback.TrainingCallback):
    """Reports an evaluation metric after each round, counted from 1, and ends the training when the trial is to end.

    reporter -- of an executor's objective, or the trial of an objective for optimize
    metrics -- "validation_0-logloss": the data's name and the metric's; or a dict by the study's names

    stopped -- whether the trial was asked to end

    Raises ValueError at the first round for a metric that is not evaluated, ImportError without the package xgboost.

    >>> import numpy, tunesmith, xgboost
    >>> from tunesmith.callbacks import XGBoostCallback
    >>> x = numpy.arange(40.0).reshape(-1, 1)
    >>> data = xgboost.DMatrix(x, label=x[:, 0] > 20)
    >>> def train(run, reporter):
    ...     params = {"objective": "binary:logistic", "eta": run.params["eta"]}
    ...     watched = XGBoostCallback(reporter, "train-logloss")
    ...     _ = xgboost.train(params, data, 5, evals=[(data, "train")], verbose_eval=False, callbacks=[watched])
    >>> study = tunesmith.Study("s", tunesmith.Space().add_float("eta", 0.1, 1), metric="loss", strategy="random")
    >>> view = tunesmith.Tuner(study, tunesmith.thread_pool_executor(train), max_trials=2).run().view
    >>> [len(trial.reports) for trial in view.trials]
    [5, 5]
    """

    def __init__(self, reporter: Any, metrics: Metrics) -> None:
        super().__init__()
        self._report = Report(reporter, metrics)

    @property
    def stopped(self) -> bool:
        return self._report.stopped

    def after_iteration(self, model: Any, epoch: int, evals_log: Any) -> bool:
        # Of cross-validation, a mean and a standard deviation.
        found = {
            f"{data}-{metric}": values[-1][0] if isinstance(values[-1], tuple) else values[-1]
            for data, metrics in evals_log.items()
            for metric, values in metrics.items()
        }
        if wrong := self._report.missing(found):
            raise ValueError(wrong)
        stopped = self._report.tell(epoch + 1, found)
        if stopped and model.attr("best_iteration") is None:
            # xgboost.cv cuts its results there, if a callback ends it.
            model.set_attr(best_iteration=str(epoch))
        return stopped
