"""tunesmith.callbacks.KerasCallback"""

from __future__ import annotations

from typing import Any, Optional

import keras

from ._report import Metrics, Report


class KerasCallback(keras.callbacks.Callback):
    """Reports a logged metric after each epoch, counted from 1, and ends the training when the trial is to end.

    reporter -- of an executor's objective, or the trial of an objective for optimize
    metrics -- "val_loss", as Keras logs it; or a dict by the study's names

    stopped -- whether the trial was asked to end

    Raises ValueError after the first epoch for a metric that is not logged, ImportError without the package keras.
    Give fit() `callbacks=[KerasCallback(reporter, "val_loss")]`.
    """

    def __init__(self, reporter: Any, metrics: Metrics) -> None:
        super().__init__()
        self._report = Report(reporter, metrics)

    @property
    def stopped(self) -> bool:
        return self._report.stopped

    def on_epoch_end(self, epoch: int, logs: Optional[dict[str, Any]] = None) -> None:
        found = logs or {}
        if wrong := self._report.missing(found):
            raise ValueError(wrong)
        if self._report.tell(epoch + 1, found):
            self.model.stop_training = True
