"""Names of images for programs that ask for them, as in sagemaker.image_uris."""

from __future__ import annotations

from typing import Any

__all__ = ["retrieve"]


def retrieve(framework: str, region: str | None = None, version: str | None = None, **kwargs: Any) -> str:
    """A name that an estimator takes and ignores: no image is run here.

    >>> from tunesmith.sagemaker import image_uris
    >>> image_uris.retrieve("xgboost", "eu-west-1", version="1.7-1")
    'local/xgboost:1.7-1'
    """
    return f"local/{framework}:{version or 'latest'}"
