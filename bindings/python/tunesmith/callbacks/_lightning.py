"""tunesmith.callbacks.LightningCallback"""

from __future__ import annotations

from typing import Any

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:
    from pytorch_lightning.callbacks import Callback

from ._report import Metrics, Report


class LightningCallback(Callback):
    """Reports a logged metric after each validation, by epochs counted from 1, and ends the training when the trial
    is to end. In training on several processes the first one reports, and all end together.

    reporter -- of an executor's objective, or the trial of an objective for optimize
    metrics -- "val_loss", as the module logs it; or a dict by the study's names

    stopped -- whether the trial was asked to end

    Raises ValueError after the first validation for a metric that is not logged, ImportError without the package
    lightning or pytorch_lightning. Give a Trainer `callbacks=[LightningCallback(reporter, "val_loss")]`.
    """

    def __init__(self, reporter: Any, metrics: Metrics) -> None:
        super().__init__()
        self._report = Report(reporter, metrics)

    @property
    def stopped(self) -> bool:
        return self._report.stopped

    def on_validation_end(self, trainer: Any, pl_module: Any) -> None:
        if trainer.sanity_checking:
            return
        if trainer.is_global_zero:
            found = {name: float(value) for name, value in trainer.callback_metrics.items()}
            if wrong := self._report.missing(found):
                raise ValueError(wrong)
            self._report.tell(trainer.current_epoch + 1, found)
        self._report.stopped = bool(trainer.strategy.broadcast(self._report.stopped))
        if self._report.stopped:
            trainer.should_stop = True
