"""Exceptions of a job that did not end as it should, as in sagemaker.exceptions."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["UnexpectedStatusException"]


class UnexpectedStatusException(ValueError):
    """A job ended in another way than well, e.g. because every trial failed.

    message -- what happened
    allowed_statuses -- what would have been well, e.g. ["Completed", "Stopped"]
    actual_status -- "Failed"

    >>> from tunesmith.sagemaker.exceptions import UnexpectedStatusException
    >>> UnexpectedStatusException("no trial succeeded", ["Completed"], "Failed").actual_status
    'Failed'
    """

    def __init__(self, message: str, allowed_statuses: Sequence[str], actual_status: str) -> None:
        super().__init__(message)
        self.allowed_statuses = list(allowed_statuses)
        self.actual_status = actual_status
