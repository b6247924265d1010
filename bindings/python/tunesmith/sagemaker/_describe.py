"""Jobs in the shapes of SageMaker's answers."""

from __future__ import annotations

import datetime
import os
import re
from typing import Any

import tunesmith

from ._job import Ended, LocalJob, Times, logger
from .exceptions import UnexpectedStatusException

_ARN = "arn:aws:sagemaker:local:000000000000"
_TRAINING_STATUS = {
    "completed": "Completed",
    "stopped": "Stopped",
    "failed": "Failed",
    "infeasible": "Failed",
    "lost": "Failed",
}
_COUNTERS = {"Completed": "Completed", "InProgress": "InProgress", "Stopped": "Stopped", "Failed": "NonRetryableError"}


def tuning_job(job: LocalJob) -> dict[str, Any]:
    """DescribeHyperParameterTuningJob's answer, as far as its fields mean something here."""
    contents = job.contents
    view = job.view()
    status, reason = tuning_status(job, view)
    summaries = _summaries(job, view, is_live(status))
    counters: dict[str, int] = dict.fromkeys(
        ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped"), 0
    )
    objectives: dict[str, int] = dict.fromkeys(("Succeeded", "Pending", "Failed"), 0)
    for summary in summaries:
        counters[_COUNTERS[summary["TrainingJobStatus"]]] += 1
        objectives[summary["ObjectiveStatus"]] += 1
    answer: dict[str, Any] = {
        "HyperParameterTuningJobName": job.name,
        "HyperParameterTuningJobArn": f"{_ARN}:hyper-parameter-tuning-job/{job.name}",
        "HyperParameterTuningJobConfig": contents["HyperParameterTuningJobConfig"],
        "HyperParameterTuningJobStatus": status,
        "CreationTime": _time(job.began()),
        "LastModifiedTime": _time(job.last_change()),
        "TrainingJobStatusCounters": counters,
        "ObjectiveStatusCounters": objectives,
        "ConsumedResources": {"RuntimeInSeconds": round(view.active_time)},
    }
    for key in ("TrainingJobDefinition", "TrainingJobDefinitions", "WarmStartConfig", "Autotune"):
        if key in contents:
            answer[key] = contents[key]
    if "TrainingJobDefinition" in answer:
        answer["TrainingJobDefinition"] = _local_definition(job, contents)
    ended = job.ended
    if ended is not None:
        answer["HyperParameterTuningEndTime"] = _time(ended.time)
    if reason:
        answer["FailureReason"] = reason
    best = view.best
    if best is not None:
        answer["BestTrainingJob"] = summaries[best.number]
        overall = _overall_best(job, summaries[best.number], contents)
        if overall is not None:
            answer["OverallBestTrainingJob"] = overall
    return answer


def is_live(status: str) -> bool:
    """Whether a job of that status runs now."""
    return status in ("InProgress", "Stopping")


def tuning_status(job: LocalJob, view: tunesmith.StudyView) -> tuple[str, str]:
    """The tuning job's status, and why it failed or stands still."""
    if job.is_running_here or job.holder:
        return ("Stopping" if job.is_stopping else "InProgress"), ""
    ended = job.ended
    if ended is None:
        return "Stopped", "It was interrupted before its end; wait() goes on with it."
    return _ended_status(ended, view)


def _ended_status(ended: Ended, view: tunesmith.StudyView) -> tuple[str, str]:
    if ended.reason == "stopped":
        return "Stopped", ""
    if ended.reason == "too_many_failures" or (len(view) > 0 and view.best is None):
        return "Failed", "No training job succeeded: " + _first_failure(ended, view)
    return "Completed", ""


def _first_failure(ended: Ended, view: tunesmith.StudyView) -> str:
    if ended.reason == "too_many_failures":
        return ended.explanation
    return next((trial.reason for trial in view.trials if trial.reason), ended.explanation)


def checked(job: LocalJob) -> dict[str, Any]:
    """The answer for a job that has ended. Raises UnexpectedStatusException where it failed."""
    answer = tuning_job(job)
    status = answer["HyperParameterTuningJobStatus"]
    if status == "Stopped":
        logger.warning("%s was stopped; its results up to then stand", job.name)
    elif status != "Completed":
        raise UnexpectedStatusException(
            f"tuning job {job.name}: {status}. Reason: {answer.get('FailureReason', '')}",
            ["Completed", "Stopped"],
            status,
        )
    return answer


def summaries(job: LocalJob) -> list[dict[str, Any]]:
    """HyperParameterTrainingJobSummary for each trial, in the order in which they were suggested."""
    view = job.view()
    return _summaries(job, view, is_live(tuning_status(job, view)[0]))


def _summaries(job: LocalJob, view: tunesmith.StudyView, live: bool) -> list[dict[str, Any]]:
    times = job.times()
    return [_summary(job, view, trial, times.get(trial.number, Times(0.0)), live) for trial in view.trials]


def _summary(
    job: LocalJob, view: tunesmith.StudyView, trial: tunesmith.Trial, times: Times, live: bool
) -> dict[str, Any]:
    status = _TRAINING_STATUS.get(trial.state, "InProgress" if live else "Stopped")
    tuned = {one.name for one in view.problem.space.parameters if one.type != "fixed"}
    name = training_job_name(job.name, trial.number)
    summary: dict[str, Any] = {
        "TrainingJobName": name,
        "TrainingJobArn": f"{_ARN}:training-job/{name}",
        "TuningJobName": job.name,
        "CreationTime": _time(times.suggested),
        "TrainingJobStatus": status,
        "TunedHyperParameters": {key: _text(value) for key, value in trial.params.items() if key in tuned},
    }
    if times.started is not None:
        summary["TrainingStartTime"] = _time(times.started)
    if times.ended is not None:
        summary["TrainingEndTime"] = _time(times.ended)
    if status == "Failed":
        summary["FailureReason"] = trial.reason
    value = None if status == "Failed" else view.objective(trial)
    if value is not None:
        metric, goal = next(iter(view.problem.objectives.items()))
        summary["FinalHyperParameterTuningJobObjectiveMetric"] = {
            "Type": goal.capitalize(),
            "MetricName": metric,
            "Value": value,
        }
    summary["ObjectiveStatus"] = "Pending" if status == "InProgress" else "Failed" if value is None else "Succeeded"
    definition = job.contents.get("TrainingJobDefinition", {}).get("DefinitionName")
    if definition:
        summary["TrainingJobDefinitionName"] = definition
    return summary


def _overall_best(job: LocalJob, own: dict[str, Any], contents: dict[str, Any]) -> dict[str, Any] | None:
    """With IdenticalDataAndAlgorithm: the best of this job and its parents."""
    warm = contents.get("WarmStartConfig", {})
    if warm.get("WarmStartType") != "IdenticalDataAndAlgorithm":
        return None
    found = [own]
    for parent in warm["ParentHyperParameterTuningJobs"]:
        earlier = LocalJob.find(job.folder, parent["HyperParameterTuningJobName"])
        best = earlier.view().best
        if best is not None:
            found.append(summaries(earlier)[best.number])
    metric = "FinalHyperParameterTuningJobObjectiveMetric"
    choose = max if own[metric]["Type"] == "Maximize" else min
    return choose(found, key=lambda summary: float(summary[metric]["Value"]))


def training_job(job: LocalJob, number: int) -> dict[str, Any]:
    """DescribeTrainingJob's answer, as far as its fields mean something here."""
    view = job.view()
    live = job.is_running_here or bool(job.holder)
    if number >= len(view):
        return _about_to_begin(job, live)
    trial = view.trial(number)
    answer = _summary(job, view, trial, job.times().get(number, Times(0.0)), live)
    for key in ("TunedHyperParameters", "ObjectiveStatus", "FinalHyperParameterTuningJobObjectiveMetric"):
        answer.pop(key, None)
    contents = job.contents
    if is_tuning(contents):
        answer["TuningJobArn"] = f"{_ARN}:hyper-parameter-tuning-job/{job.name}"
    else:
        del answer["TuningJobName"]
        answer.update(TrainingJobName=job.name, TrainingJobArn=f"{_ARN}:training-job/{job.name}")
    status = answer["TrainingJobStatus"]
    answer["SecondaryStatus"] = "Training" if status == "InProgress" else status
    answer["HyperParameters"] = {
        **contents.get("TrainingJobDefinition", {}).get("StaticHyperParameters", {}),
        **{key: _text(value) for key, value in trial.params.items()},
    }
    answer["ModelArtifacts"] = {"S3ModelArtifacts": str(job.trial_folder(number) / "model")}
    answer["FinalMetricDataList"] = [
        {"MetricName": name, "Value": value} for name, value in trial.metrics.items() if name != own_metric
    ]
    return answer


def _about_to_begin(job: LocalJob, live: bool) -> dict[str, Any]:
    return {
        "TrainingJobName": job.name,
        "TrainingJobArn": f"{_ARN}:training-job/{job.name}",
        "TrainingJobStatus": "InProgress" if live else "Stopped",
        "SecondaryStatus": "Starting" if live else "Stopped",
        "CreationTime": _time(job.began()),
        "ModelArtifacts": {"S3ModelArtifacts": str(job.trial_folder(0) / "model")},
    }


own_metric = "tunesmith:trained"
"""What a training job without an objective reports when its script has ended well."""


def is_tuning(contents: dict[str, Any]) -> bool:
    """Whether a job file is a tuning request, not the one run of a training job."""
    return "HyperParameterTuningJobConfig" in contents


def training_job_name(job: str, number: int) -> str:
    """The name of a trial, which its script finds in TRAINING_JOB_NAME."""
    return f"{job}-trial-{number:04d}"


def find_training_job(folder: str | os.PathLike[str], name: str) -> tuple[LocalJob, int]:
    """The job and the number of the trial of that name. Raises ValueError where there is none."""
    found = re.fullmatch(r"(.+)-trial-(\d+)", name)
    job, number = (found[1], int(found[2])) if found else (name, 0)
    try:
        local = LocalJob.find(folder, job)
        if found or not is_tuning(local.contents):
            local.view().trial(number)
            return local, number
    except (ValueError, IndexError, tunesmith.Error):
        pass
    raise ValueError(f'there is no training job "{name}" in {os.fspath(folder)}')


def _local_definition(job: LocalJob, contents: dict[str, Any]) -> dict[str, Any]:
    """The definition with what it has here: channels as file:// addresses, and where the trials' folders are."""
    definition: dict[str, Any] = dict(contents["TrainingJobDefinition"])
    channels = contents.get("tunesmith", {}).get("channels", {})
    if channels:
        definition["InputDataConfig"] = [
            {
                "ChannelName": name,
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"file://{path}"}},
            }
            for name, path in channels.items()
        ]
    definition["OutputDataConfig"] = {"S3OutputPath": f"file://{job.own_folder / 'trials'}"}
    return definition


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value)


def _time(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).astimezone()
