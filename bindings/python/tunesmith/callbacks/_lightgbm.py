"""tunesmith.callbacks.LightGBMCallback"""

from __future__ import annotations

from typing import Any

from lightgbm.callback import EarlyStopException

from ._report import Metrics, Report


class LightGBMCallback:
    """Reports an evaluation metric after each round, counted from 1, and ends the training when the trial is to end.

    reporter -- of an executor's objective, or the trial of an objective for optimize
    metrics -- "valid_0-binary_logloss": the data's name and the metric's; or a dict by the study's names

    stopped -- whether the trial was asked to end

    Raises ValueError at the first round for a metric that is not evaluated, ImportError without the package lightgbm.

    >>> import lightgbm, numpy, tunesmith
    >>> from tunesmith.callbacks import LightGBMCallback
    >>> x = numpy.arange(200.0).reshape(-1, 1)
    >>> def train(run, reporter):
    ...     data = lightgbm.Dataset(x, label=x[:, 0] > 100)
    ...     params = {"objective": "binary", "learning_rate": run.params["rate"], "verbose": -1}
    ...     watched = LightGBMCallback(reporter, "train-binary_logloss")
    ...     _ = lightgbm.train(params, data, 5, valid_sets=[data], valid_names=["train"], callbacks=[watched])
    >>> study = tunesmith.Study("s", tunesmith.Space().add_float("rate", 0.1, 1), metric="loss", strategy="random")
    >>> view = tunesmith.Tuner(study, tunesmith.thread_pool_executor(train), max_trials=2).run().view
    >>> [len(trial.reports) for trial in view.trials]
    [5, 5]
    """

    # After those that LightGBM has itself, which see a round first.
    order = 40
    before_iteration = False

    def __init__(self, reporter: Any, metrics: Metrics) -> None:
        self._report = Report(reporter, metrics)

    @property
    def stopped(self) -> bool:
        return self._report.stopped

    def __call__(self, env: Any) -> None:
        results = env.evaluation_result_list or []
        found = {f"{result[0]}-{result[1]}": result[2] for result in results}
        if wrong := self._report.missing(found):
            raise ValueError(wrong)
        if self._report.tell(env.iteration + 1, found):
            raise EarlyStopException(env.iteration, results)
