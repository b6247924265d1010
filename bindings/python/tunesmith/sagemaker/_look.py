"""A job as it is at one moment, and its trials as SageMaker summarises training jobs."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

import tunesmith

from ._job import Ended, LocalJob

ARN = "arn:aws:sagemaker:local:000000000000"
OBJECTIVE = "FinalHyperParameterTuningJobObjectiveMetric"
_TRAINING_STATUS = {
    "completed": "Completed",
    "stopped": "Stopped",
    "failed": "Failed",
    "infeasible": "Failed",
    "lost": "Failed",
}


class Times(NamedTuple):
    """When a trial was suggested, first started and last ended, in seconds since 1970."""

    suggested: float
    started: float | None = None
    ended: float | None = None


class Look:
    """What describe() and analytics() tell is taken from one look, so that it fits together."""

    def __init__(self, job: LocalJob) -> None:
        self.job = job
        # First: a job that ends while it is looked at counts as running still.
        self.is_running = job.is_running_here or bool(job.holder)
        self.is_stopping = self.is_running and job.is_stopping
        self.ended = None if self.is_running else job.ended
        self.view = job.view()
        self.contents = job.contents
        events = job.events()
        self.began = events[0].time if events else job.path.stat().st_mtime
        self.last_change = max((event.time for event in events), default=self.began)
        self.times = _times(events)
        self._tuned = {one.name for one in self.view.problem.space.parameters if one.type != "fixed"}
        self._objective, self._goal = next(iter(self.view.problem.objectives.items()))
        self._definition = self.contents.get("TrainingJobDefinition", {}).get("DefinitionName")

    def status(self) -> tuple[str, str]:
        """The tuning job's status, and why it failed or stands still."""
        if self.is_running:
            return ("Stopping" if self.is_stopping else "InProgress"), ""
        if self.ended is None:
            if self.job.failure is not None:
                return "Failed", f"{type(self.job.failure).__name__}: {self.job.failure}"
            return "Stopped", "It was interrupted before its end; wait() goes on with it."
        if self.ended.reason == "stopped":
            return "Stopped", ""
        if self.ended.reason == "too_many_failures" or (len(self.view) > 0 and self.view.best is None):
            return "Failed", "No training job succeeded: " + self._failure(self.ended)
        return "Completed", ""

    def _failure(self, ended: Ended) -> str:
        if ended.reason == "too_many_failures":
            return ended.explanation
        return next((trial.reason for trial in self.view.trials if trial.reason), ended.explanation)

    def summaries(self) -> list[dict[str, Any]]:
        """HyperParameterTrainingJobSummary for each trial, in the order in which they were suggested."""
        return [self.summary(trial) for trial in self.view.trials]

    def summary(self, trial: tunesmith.Trial) -> dict[str, Any]:
        """HyperParameterTrainingJobSummary."""
        status = _TRAINING_STATUS.get(trial.state, "InProgress" if self.is_running else "Stopped")
        times = self.times.get(trial.number, Times(self.last_change))
        name = training_job_name(self.job.name, trial.number)
        summary: dict[str, Any] = {
            "TrainingJobName": name,
            "TrainingJobArn": f"{ARN}:training-job/{name}",
            "TuningJobName": self.job.name,
            "CreationTime": moment(times.suggested),
            "TrainingJobStatus": status,
            "TunedHyperParameters": {name: text(value) for name, value in trial.params.items() if name in self._tuned},
        }
        if times.started is not None:
            summary["TrainingStartTime"] = moment(times.started)
        if times.ended is not None:
            summary["TrainingEndTime"] = moment(times.ended)
        if status == "Failed":
            summary["FailureReason"] = trial.reason
        value = None if status == "Failed" else self.view.objective(trial)
        if value is not None:
            kind = self._goal.capitalize()
            summary[OBJECTIVE] = {"Type": kind, "MetricName": self._objective, "Value": value}
        pending = status == "InProgress"
        summary["ObjectiveStatus"] = "Pending" if pending else "Failed" if value is None else "Succeeded"
        if self._definition:
            summary["TrainingJobDefinitionName"] = self._definition
        return summary


def training_job_name(job: str, number: int) -> str:
    """The name of a trial, which its script finds in TRAINING_JOB_NAME."""
    return f"{job}-trial-{number:04d}"


def text(value: Any) -> str:
    """A hyperparameter's value as the service tells it."""
    return value if isinstance(value, str) else repr(value)


def moment(seconds: float) -> datetime.datetime:
    """Seconds since 1970 as a time with a zone."""
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).astimezone()


def _times(events: list[tunesmith.Event]) -> dict[int, Times]:
    found: dict[int, Times] = {}
    for event in events:
        if event.trial < 0:
            continue
        known = found.get(event.trial) or Times(event.time)
        if event.kind == "started" and known.started is None:
            known = known._replace(started=event.time)
        elif event.kind in ("started", "resumed", "restarted"):
            known = known._replace(ended=None)
        elif event.kind == "finished":
            known = known._replace(ended=event.time)
        found[event.trial] = known
    return found
