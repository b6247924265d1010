"""Where a channel's data lies, as in sagemaker.inputs."""

from __future__ import annotations

from typing import Any

__all__ = ["TrainingInput", "s3_input"]


class TrainingInput:
    """Data of one channel: a folder or file of this machine.

    s3_data -- a path, or "file://" and an absolute path. "s3://…" is refused by fit(), with the command that fetches it
    The other arguments are accepted and have no meaning here: a script gets the folder as it is.

    >>> from tunesmith.sagemaker.inputs import TrainingInput
    >>> TrainingInput("file:///data/train", content_type="text/csv").path
    '/data/train'
    """

    def __init__(
        self,
        s3_data: str,
        distribution: str | None = None,
        compression: str | None = None,
        content_type: str | None = None,
        record_wrapping: str | None = None,
        s3_data_type: str = "S3Prefix",
        instance_groups: list[str] | None = None,
        input_mode: str | None = None,
        attribute_names: list[str] | None = None,
        target_attribute_name: str | None = None,
        shuffle_config: Any = None,
        hub_access_config: dict[str, Any] | None = None,
        model_access_config: dict[str, Any] | None = None,
    ) -> None:
        self.uri = s3_data
        source: dict[str, Any] = {"S3DataType": s3_data_type, "S3Uri": s3_data}
        if distribution:
            source["S3DataDistributionType"] = distribution
        self.config: dict[str, Any] = {"DataSource": {"S3DataSource": source}}
        for key, value in (
            ("CompressionType", compression),
            ("ContentType", content_type),
            ("RecordWrapperType", record_wrapping),
            ("InputMode", input_mode),
        ):
            if value:
                self.config[key] = value

    @property
    def path(self) -> str:
        """The path without "file://"."""
        return local_path(self.uri)


s3_input = TrainingInput
"""The name that TrainingInput had in earlier versions of the SDK."""


def local_path(uri: str) -> str:
    """A path, or the path of a file:// URI."""
    if not uri.startswith("file://"):
        return uri
    path = uri[len("file://") :]
    return path[len("localhost") :] if path.startswith("localhost/") else path
