"""Jobs in the shapes of SageMaker's answers."""

from __future__ import annotations

import os
import re
from typing import Any

import tunesmith

from ._job import LocalJob, logger
from ._look import ARN, OBJECTIVE, Look, moment, text
from .exceptions import UnexpectedStatusException

own_metric = "tunesmith:trained"
"""What a training job without an objective reports when its script has ended well."""

_OF_A_SUMMARY = ("TunedHyperParameters", "ObjectiveStatus", "TuningJobName", "TrainingJobDefinitionName")
_COUNTERS = {"Completed": "Completed", "InProgress": "InProgress", "Stopped": "Stopped", "Failed": "NonRetryableError"}


def tuning_job(job: LocalJob) -> dict[str, Any]:
    """DescribeHyperParameterTuningJob's answer, as far as its fields mean something here."""
    look = Look(job)
    contents = look.contents
    status, reason = look.status()
    summaries = look.summaries()
    counters: dict[str, int] = dict.fromkeys(
        ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped"), 0
    )
    objectives: dict[str, int] = dict.fromkeys(("Succeeded", "Pending", "Failed"), 0)
    for summary in summaries:
        counters[_COUNTERS[summary["TrainingJobStatus"]]] += 1
        objectives[summary["ObjectiveStatus"]] += 1
    answer: dict[str, Any] = {
        "HyperParameterTuningJobName": job.name,
        "HyperParameterTuningJobArn": f"{ARN}:hyper-parameter-tuning-job/{job.name}",
        "HyperParameterTuningJobConfig": contents["HyperParameterTuningJobConfig"],
        "TrainingJobDefinition": _local_definition(job, contents),
        "HyperParameterTuningJobStatus": status,
        "CreationTime": moment(look.began),
        "LastModifiedTime": moment(look.last_change),
        "TrainingJobStatusCounters": counters,
        "ObjectiveStatusCounters": objectives,
        "ConsumedResources": {"RuntimeInSeconds": round(look.view.active_time)},
    }
    if "WarmStartConfig" in contents:
        answer["WarmStartConfig"] = contents["WarmStartConfig"]
    if look.ended is not None:
        answer["HyperParameterTuningEndTime"] = moment(look.ended.time)
    if reason:
        answer["FailureReason"] = reason
    best = look.view.best
    if best is not None:
        answer["BestTrainingJob"] = summaries[best.number]
        if contents.get("WarmStartConfig", {}).get("WarmStartType") == "IdenticalDataAndAlgorithm":
            answer["OverallBestTrainingJob"] = _overall_best(look, summaries[best.number])
    return answer


def status(job: LocalJob) -> str:
    """The tuning job's status."""
    return Look(job).status()[0]


def checked(job: LocalJob) -> dict[str, Any]:
    """The answer for a job that has ended. Raises UnexpectedStatusException where it failed."""
    answer = tuning_job(job)
    ended = answer["HyperParameterTuningJobStatus"]
    if ended == "Stopped":
        logger.warning("%s was stopped; its results up to then stand", job.name)
    elif ended == "Failed":
        raise UnexpectedStatusException(
            f"tuning job {job.name}: {ended}. Reason: {answer.get('FailureReason', '')}",
            ["Completed", "Stopped"],
            ended,
        )
    return answer


def summaries(job: LocalJob) -> list[dict[str, Any]]:
    """HyperParameterTrainingJobSummary for each trial, in the order in which they were suggested."""
    return Look(job).summaries()


def _overall_best(look: Look, own: dict[str, Any]) -> dict[str, Any]:
    """The best of a job and of those it started from."""
    found = [own]
    for parent in look.contents["WarmStartConfig"]["ParentHyperParameterTuningJobs"]:
        earlier = Look(LocalJob.find(look.job.folder, parent["HyperParameterTuningJobName"]))
        if earlier.view.best is not None:
            found.append(earlier.summary(earlier.view.best))
    choose = max if own[OBJECTIVE]["Type"] == "Maximize" else min
    return choose(found, key=lambda summary: float(summary[OBJECTIVE]["Value"]))


def training_job(job: LocalJob, number: int) -> dict[str, Any]:
    """DescribeTrainingJob's answer, as far as its fields mean something here."""
    look = Look(job)
    if number >= len(look.view):
        return _about_to_begin(look)
    trial = look.view.trial(number)
    answer = look.summary(trial)
    for key in (*_OF_A_SUMMARY, OBJECTIVE):
        answer.pop(key, None)
    if is_tuning(look.contents):
        answer["TuningJobArn"] = f"{ARN}:hyper-parameter-tuning-job/{job.name}"
    else:
        answer.update(TrainingJobName=job.name, TrainingJobArn=f"{ARN}:training-job/{job.name}")
    state = answer["TrainingJobStatus"]
    answer["SecondaryStatus"] = "Training" if state == "InProgress" else state
    definition = look.contents.get("TrainingJobDefinition", {})
    limit = {"MaxRuntimeInSeconds": look.contents.get("time_limit")}
    answer["StoppingCondition"] = definition.get("StoppingCondition", limit)
    answer["HyperParameters"] = {
        **definition.get("StaticHyperParameters", {}),
        **{key: text(value) for key, value in trial.params.items()},
    }
    answer["ModelArtifacts"] = {"S3ModelArtifacts": str(job.trial_folder(number) / "model")}
    answer["FinalMetricDataList"] = [
        {"MetricName": name, "Value": value} for name, value in trial.metrics.items() if name != own_metric
    ]
    return answer


def _about_to_begin(look: Look) -> dict[str, Any]:
    return {
        "TrainingJobName": look.job.name,
        "TrainingJobArn": f"{ARN}:training-job/{look.job.name}",
        "TrainingJobStatus": "InProgress" if look.is_running else "Stopped",
        "SecondaryStatus": "Starting" if look.is_running else "Stopped",
        "CreationTime": moment(look.began),
        "ModelArtifacts": {"S3ModelArtifacts": str(look.job.trial_folder(0) / "model")},
    }


def is_tuning(contents: dict[str, Any]) -> bool:
    """Whether a job file is a tuning request, not the one run of a training job."""
    return "HyperParameterTuningJobConfig" in contents


def find_tuning_job(folder: str | os.PathLike[str], name: str) -> LocalJob:
    """The tuning job of that name. Raises ValueError where there is none."""
    job = LocalJob.find(folder, name)
    if not is_tuning(job.contents):
        raise ValueError(f'"{name}" is no tuning job')
    return job


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
