"""A tuning job as sagemaker.tuner's latest_tuning_job gives it."""

from __future__ import annotations

from typing import Any

from . import _describe
from ._job import LocalJob


class TuningJob:
    """A tuning job of this machine.

    name, job_name -- its name
    """

    def __init__(self, job: LocalJob) -> None:
        self.job = job
        self.name = job.name
        self.job_name = job.name

    def describe(self) -> dict[str, Any]:
        """In the shape of DescribeHyperParameterTuningJob."""
        return _describe.tuning_job(self.job)

    def wait(self) -> None:
        """Waits for its end; one that was interrupted is gone on with."""
        self.job.wait()
        _describe.checked(self.job)

    def stop(self) -> None:
        """Stops it for good."""
        self.job.request_stop("stopped")

    def __repr__(self) -> str:
        return f"<tunesmith.sagemaker.TuningJob {self.name} in {self.job.folder}>"
