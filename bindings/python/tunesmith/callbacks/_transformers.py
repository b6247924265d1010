"""tunesmith.callbacks.TransformersCallback"""

from __future__ import annotations

from typing import Any, Optional

from transformers import TrainerCallback

from ._report import Metrics, Report


class TransformersCallback(TrainerCallback):
    """Reports a metric after each evaluation of a Hugging Face Trainer, by epochs or by steps, and ends the training
    when the trial is to end.

    reporter -- of an executor's objective, or the trial of an objective for optimize
    metrics -- "eval_loss", as the Trainer names it; or a dict by the study's names
    level -- "epoch" (may be a fraction) or "step": what a report is counted by

    stopped -- whether the trial was asked to end

    In training on several processes the first one reports. Raises ValueError for another level, and after the first
    evaluation for a metric that it has not; ImportError without the package transformers. Give a Trainer
    `callbacks=[TransformersCallback(reporter, "eval_loss")]`.
    """

    def __init__(self, reporter: Any, metrics: Metrics, *, level: str = "epoch") -> None:
        if level not in ("epoch", "step"):
            raise ValueError(f'level must be "epoch" or "step", not {level!r}')
        self._report = Report(reporter, metrics)
        self._level = level

    @property
    def stopped(self) -> bool:
        return self._report.stopped

    def on_evaluate(
        self, args: Any, state: Any, control: Any, metrics: Optional[dict[str, Any]] = None, **rest: Any
    ) -> None:
        if not state.is_world_process_zero:
            return
        found = metrics or {}
        if wrong := self._report.missing(found):
            raise ValueError(wrong)
        if self._report.tell(state.epoch if self._level == "epoch" else state.global_step, found):
            control.should_training_stop = True
