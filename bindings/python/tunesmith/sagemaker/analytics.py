"""The trials of a tuning job as a table, as in sagemaker.analytics."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import _describe
from .session import Session

__all__ = ["HyperparameterTuningJobAnalytics", "TrainingJobAnalytics"]

if TYPE_CHECKING:
    import pandas  # type: ignore[import-untyped,unused-ignore]

_COLUMNS = (
    "FinalObjectiveValue",
    "TrainingElapsedTimeSeconds",
    "TrainingEndTime",
    "TrainingJobName",
    "TrainingJobStatus",
    "TrainingStartTime",
)


class HyperparameterTuningJobAnalytics:
    """The trials of a tuning job as a table.

    hyperparameter_tuning_job_name -- of a job in the session's folder
    sagemaker_session -- default: the folder "tuning-jobs"

    Raises ValueError where there is no such job.

    >>> from tunesmith.sagemaker import HyperparameterTuningJobAnalytics
    >>> HyperparameterTuningJobAnalytics("no-such-job")
    Traceback (most recent call last):
    ValueError: there is no job "no-such-job": ...
    """

    def __init__(self, hyperparameter_tuning_job_name: str, sagemaker_session: Session | None = None) -> None:
        folder = (sagemaker_session or Session()).folder
        self._job = _describe.find_tuning_job(folder, hyperparameter_tuning_job_name)
        self._summaries: list[dict[str, Any]] | None = None

    @property
    def name(self) -> str:
        """The tuning job's name."""
        return self._job.name

    def clear_cache(self) -> None:
        """The next look reads the job again."""
        self._summaries = None

    def description(self, force_refresh: bool = False) -> dict[str, Any]:
        """The job in the shape of DescribeHyperParameterTuningJob."""
        return _describe.tuning_job(self._job)

    def training_job_summaries(self, force_refresh: bool = False) -> list[dict[str, Any]]:
        """A HyperParameterTrainingJobSummary for each trial, in their order.

        force_refresh -- read the job again instead of what the last call found
        """
        if self._summaries is None or force_refresh:
            self._summaries = _describe.summaries(self._job)
        return self._summaries

    @property
    def tuning_ranges(self) -> dict[str, Any]:
        """The ranges by the names of the hyperparameters, as they stand in the request."""
        ranges = self._job.contents["HyperParameterTuningJobConfig"]["ParameterRanges"]
        return {one["Name"]: one for kind in ranges.values() for one in kind}

    def rows(self, force_refresh: bool = False) -> list[dict[str, Any]]:
        """A dict for each trial: the tuned hyperparameters (numbers where they are), TrainingJobName,
        TrainingJobStatus, FinalObjectiveValue, TrainingStartTime, TrainingEndTime, TrainingElapsedTimeSeconds; None
        where there is none yet.
        """
        return [_row(one) for one in self.training_job_summaries(force_refresh)]

    def dataframe(self, force_refresh: bool = False) -> pandas.DataFrame:
        """rows() as a pandas DataFrame. Raises ImportError where pandas is not installed; rows() needs none."""
        return _dataframe(self.rows(force_refresh), _COLUMNS)

    def export_csv(self, filename: str | os.PathLike[str]) -> None:
        """Writes rows() to a file, with a line of names."""
        rows = self.rows()
        columns = list(dict.fromkeys([key for row in rows for key in row] or _COLUMNS))
        with open(filename, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows)

    def __repr__(self) -> str:
        return f"<tunesmith.sagemaker.HyperparameterTuningJobAnalytics for {self.name}>"


class TrainingJobAnalytics:
    """Every value that a training job or a trial has reported.

    training_job_name -- of a job in the session's folder, or of one of its trials
    metric_names -- those of them; default: all
    sagemaker_session -- default: the folder "tuning-jobs"
    start_time, end_time, period -- no meaning here: no value is left out or averaged

    Raises ValueError where there is no such job.

    >>> from tunesmith.sagemaker import TrainingJobAnalytics
    >>> TrainingJobAnalytics("no-such-job")
    Traceback (most recent call last):
    ValueError: there is no training job "no-such-job" in tuning-jobs
    """

    def __init__(
        self,
        training_job_name: str,
        metric_names: Sequence[str] | None = None,
        sagemaker_session: Session | None = None,
        start_time: Any = None,
        end_time: Any = None,
        period: int | None = None,
    ) -> None:
        self.name = training_job_name
        folder = (sagemaker_session or Session()).folder
        self._job, self._number = _describe.find_training_job(folder, training_job_name)
        self._metrics = None if metric_names is None else set(metric_names)

    def rows(self) -> list[dict[str, Any]]:
        """A dict for each value, in their order: timestamp (seconds since the training began), metric_name, value."""
        own = [event for event in self._job.events() if event.trial == self._number]
        begin = next((event.time for event in own if event.kind == "started"), 0.0)
        return [
            {"timestamp": event.time - begin, "metric_name": event.metric, "value": event.value}
            for event in own
            if event.kind == "reported"
            and event.metric != _describe.own_metric
            and (self._metrics is None or event.metric in self._metrics)
        ]

    def dataframe(self, force_refresh: bool = False) -> pandas.DataFrame:
        """rows() as a pandas DataFrame. Raises ImportError where pandas is not installed; rows() needs none."""
        return _dataframe(self.rows(), ("timestamp", "metric_name", "value"))

    def clear_cache(self) -> None:
        """Nothing: every look reads the job."""

    def __repr__(self) -> str:
        return f"<tunesmith.sagemaker.TrainingJobAnalytics for {self.name}>"


def _dataframe(rows: list[dict[str, Any]], columns: Sequence[str]) -> pandas.DataFrame:
    try:
        import pandas
    except ImportError as missing:
        raise ImportError("dataframe() needs pandas: pip install tunesmith[pandas]; rows() does not") from missing
    return pandas.DataFrame(rows, columns=None if rows else list(columns))


def _row(summary: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {name: _number(text) for name, text in summary["TunedHyperParameters"].items()}
    start, end = summary.get("TrainingStartTime"), summary.get("TrainingEndTime")
    row["TrainingJobName"] = summary["TrainingJobName"]
    row["TrainingJobStatus"] = summary["TrainingJobStatus"]
    row["FinalObjectiveValue"] = summary.get("FinalHyperParameterTuningJobObjectiveMetric", {}).get("Value")
    row["TrainingStartTime"] = start
    row["TrainingEndTime"] = end
    row["TrainingElapsedTimeSeconds"] = (end - start).total_seconds() if start and end else None
    if "TrainingJobDefinitionName" in summary:
        row["TrainingJobDefinitionName"] = summary["TrainingJobDefinitionName"]
    return row


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text
