"""What stands in for a connection to the service, as in sagemaker.session: a folder of this machine."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Callable
from typing import Any

from . import _describe
from .inputs import local_path

__all__ = ["LocalSession", "Session", "get_execution_role"]


class Session:
    """Where jobs are kept. Takes what sagemaker.Session takes; all of it but default_bucket is ignored.

    default_bucket -- what default_bucket() says; no more than a name
    folder -- where jobs lie: <job>.json and <job>.tunesmith; default "tuning-jobs" in the current folder

    >>> from tunesmith.sagemaker import Session
    >>> Session(folder="jobs").default_bucket()
    'local'
    """

    def __init__(
        self,
        boto_session: Any = None,
        sagemaker_client: Any = None,
        sagemaker_runtime_client: Any = None,
        sagemaker_featurestore_runtime_client: Any = None,
        default_bucket: str | None = None,
        settings: Any = None,
        sagemaker_metrics_client: Any = None,
        sagemaker_config: dict[str, Any] | None = None,
        default_bucket_prefix: str | None = None,
        *,
        folder: str | os.PathLike[str] = "tuning-jobs",
    ) -> None:
        self.boto_session = boto_session
        self.boto_region_name = "local"
        self.default_bucket_prefix = default_bucket_prefix
        self._bucket = default_bucket or "local"
        self.folder = pathlib.Path(folder)

    def default_bucket(self) -> str:
        """A name, for programs that put one together; nothing is stored under it."""
        return self._bucket

    def upload_data(
        self,
        path: str | os.PathLike[str],
        bucket: str | None = None,
        key_prefix: str = "data",
        callback: Callable[[Any], Any] | None = None,
        extra_args: dict[str, Any] | None = None,
    ) -> str:
        """The path as a file:// URI, which fit() takes as a channel's data. Nothing is copied.

        >>> from tunesmith.sagemaker import Session
        >>> Session().upload_data(path="/data/mnist", bucket="b", key_prefix="p")
        'file:///data/mnist'
        """
        return f"file://{pathlib.Path(local_path(os.fspath(path))).absolute()}"

    def describe_tuning_job(self, job_name: str) -> dict[str, Any]:
        """A tuning job in the shape of DescribeHyperParameterTuningJob. Raises ValueError where there is none."""
        return _describe.tuning_job(_describe.find_tuning_job(self.folder, job_name))

    def describe_training_job(self, job_name: str) -> dict[str, Any]:
        """A training job, of a tuning job or of its own, in the shape of DescribeTrainingJob."""
        return _describe.training_job(*_describe.find_training_job(self.folder, job_name))

    def stop_tuning_job(self, name: str) -> None:
        """Stops a tuning job for good, whichever process runs it; its running trials, too."""
        _describe.find_tuning_job(self.folder, name).request_stop("stop_tuning_job")

    def wait_for_tuning_job(self, job: str, poll: float = 5) -> dict[str, Any]:
        """Waits for the end of a tuning job and describes it, see HyperparameterTuner.wait."""
        found = _describe.find_tuning_job(self.folder, job)
        found.wait(poll)
        return _describe.checked(found)

    def __repr__(self) -> str:
        return f"<tunesmith.sagemaker.Session in {self.folder}>"


class LocalSession(Session):
    """sagemaker.LocalSession: a Session is local anyway.

    >>> from tunesmith.sagemaker import LocalSession
    >>> LocalSession(folder="jobs")
    <tunesmith.sagemaker.Session in jobs>
    """


def get_execution_role(sagemaker_session: Session | None = None, use_default: bool = False) -> str:
    """A role's name for programs that ask for one; it means nothing here.

    >>> from tunesmith.sagemaker import get_execution_role
    >>> get_execution_role()
    'arn:aws:iam::000000000000:role/local'
    """
    return "arn:aws:iam::000000000000:role/local"
