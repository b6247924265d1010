"""What estimators have in common: how a script is run, once or by a tuner, and what it leaves."""

from __future__ import annotations

import copy
import json
import pathlib
import sys
from collections.abc import Mapping
from typing import Any, TypeVar

import tunesmith

from . import _arguments, _describe, _job, _script
from ._look import training_job_name
from ._mistakes import Mistake, error, in_words_of_arguments
from .analytics import TrainingJobAnalytics
from .exceptions import UnexpectedStatusException
from .inputs import local_path
from .session import Session

Self = TypeVar("Self", bound="EstimatorBase")

_TRAINED = "[tunesmith] trained: 1"
_RUN_AND_TELL = f'"$@" && echo "{_TRAINED}"'


class EstimatorBase:
    """What the estimators have in common; use Estimator, PyTorch, TensorFlow, SKLearn, XGBoost, MXNet, HuggingFace.

    Arguments are taken by name, see Estimator.

    >>> from tunesmith.sagemaker.estimator import EstimatorBase
    >>> from tunesmith.sagemaker.pytorch import PyTorch
    >>> issubclass(PyTorch, EstimatorBase)
    True
    """

    quotes_categories = False
    """Whether categorical values are sent as JSON, as the SDK's framework estimators do."""

    def __init__(self, **arguments: Any) -> None:
        used, self._ignored = _arguments.split(type(self).__name__, arguments)
        _arguments.tell(type(self).__name__, self._ignored)
        self.entry_point: str | None = _text_of(used.get("entry_point"))
        self.source_dir: str | None = _text_of(used.get("source_dir"))
        self.dependencies: list[str] = list(used.get("dependencies") or [])
        self.metric_definitions: list[dict[str, str]] | None = used.get("metric_definitions")
        self.environment: dict[str, str] | None = used.get("environment")
        self.base_job_name: str | None = used.get("base_job_name")
        self.output_path: str | None = _text_of(used.get("output_path"))
        self.sagemaker_session: Session = used.get("sagemaker_session") or Session()
        self.max_run: int = used.get("max_run") or 86400
        self.container_log_level: int = used.get("container_log_level") or 20
        self.tags: Any = used.get("tags")
        self.model_uri: str | None = used.get("model_uri")
        self.model_channel_name: str = used.get("model_channel_name") or "model"
        self._hyperparameters: dict[str, Any] = dict(used.get("hyperparameters") or {})
        self._trained: tuple[_job.LocalJob, int] | None = None

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in _arguments.IGNORED:
            return self._ignored.get(name, _arguments.IGNORED[name])
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def hyperparameters(self) -> dict[str, str]:
        """The static hyperparameters, each value as JSON: what the script is given beside the searched ones.

        >>> from tunesmith.sagemaker.pytorch import PyTorch
        >>> PyTorch(entry_point="train.py", hyperparameters={"epochs": 6, "backend": "gloo"}).hyperparameters()
        {'epochs': '6', 'backend': '"gloo"'}
        """
        return {str(name): json.dumps(value) for name, value in self._hyperparameters.items()}

    def set_hyperparameters(self, **kwargs: Any) -> None:
        """Adds static hyperparameters, or replaces their values."""
        self._hyperparameters.update(kwargs)

    @property
    def folder(self) -> pathlib.Path:
        """Where this estimator's jobs lie: output_path where that is on this machine, else the session's folder."""
        if self.output_path and "://" not in local_path(self.output_path):
            return pathlib.Path(local_path(self.output_path))
        return self.sagemaker_session.folder

    @property
    def job_base(self) -> str:
        """What the names of its jobs begin with."""
        return _job.clean(self.base_job_name or f"{type(self).__name__.lower()}-training") or "job"

    def execution(
        self, inputs: Any, own_folder: pathlib.Path, mistakes: list[Mistake]
    ) -> tuple[list[str], dict[str, str], dict[str, str]]:
        """The command, the channels and the environment of a training; adds what is wrong to the mistakes."""
        path = _script.script_path(self.entry_point, self.source_dir, mistakes)
        channels = _script.channels(inputs, own_folder / "inputs", mistakes)
        if self.model_uri:
            channels.update(
                _script.channels({self.model_channel_name: self.model_uri}, own_folder / "inputs", mistakes)
            )
        environment = _script.environment(self.environment, self.dependencies, path, self.container_log_level, mistakes)
        return (_script.command(path) if path else []), channels, environment

    def fit(
        self,
        inputs: Any = None,
        wait: bool = True,
        logs: str | bool = "All",
        job_name: str | None = None,
        experiment_config: dict[str, str] | None = None,
    ) -> None:
        """Runs the script once, with the static hyperparameters; then model_data is where it left its model.

        inputs -- data by channel name: {"train": "data/train"}, values being paths, file://… or TrainingInput; a lone
                  one is the channel "training". The script finds them in SM_CHANNEL_<NAME>
        wait -- return when it has ended; else at once, and the program's end waits for it
        logs -- print the script's output as it comes, while waiting; False or "None": do not
        job_name -- default: base_job_name and the time; one that was interrupted is run again, with its checkpoints

        Raises tunesmith.Error with every mistake in the arguments, UnexpectedStatusException where the script fails.
        Ctrl-C stops the script.

        >>> import os, tempfile
        >>> from tunesmith.sagemaker import Session
        >>> from tunesmith.sagemaker.estimator import Estimator
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     script = os.path.join(folder, "train.py")
        ...     with open(script, "w") as file:
        ...         _ = file.write("import sys; print('arguments', sys.argv[1:])")
        ...     estimator = Estimator(entry_point=script, hyperparameters={"lr": 0.1}, output_path=folder)
        ...     estimator.fit()
        arguments ['--lr', '0.1']
        """
        name = job_name or _job.new_name(self.folder, self.job_base, 63)
        job = _job.LocalJob.named(self.folder, name)
        try:
            self._start(job, name, inputs)
        except BaseException:
            job.discard_unused()
            raise
        self._trained = (job, 0)
        if wait:
            self._wait(job, logs not in (False, None, "None"))

    def _start(self, job: _job.LocalJob, name: str, inputs: Any) -> None:
        mistakes: list[Mistake] = []
        if job.path.exists() and _job.LocalJob.find(job.folder, job.name).ended is not None:
            mistakes.append(Mistake("job_name", f'"{name}" has been trained already', "another name"))
        command, channels, environment = self.execution(inputs, job.own_folder, mistakes)
        metric = _describe.own_metric
        # The SDK's own one: a job has at least one, and this is not passed to the script.
        hyperparameters = {**self.hyperparameters(), "sagemaker_job_name": json.dumps(name)}
        contents = {
            "name": name,
            "command": ["/bin/sh", "-c", _RUN_AND_TELL, "sh", *command],
            "parameters": {key: {"type": "fixed", "value": text} for key, text in hyperparameters.items()},
            "metrics": [
                *({"name": one.get("Name"), "regex": one.get("Regex")} for one in self.metric_definitions or []),
                {"name": metric, "regex": r"^\[tunesmith\] trained: (1)$"},
            ],
            "objective": {"metric": metric, "goal": "maximize"},
            "strategy": "random",
            "budget": {"max_trials": 1},
            "channels": channels,
            "environment": environment,
            "time_limit": self.max_run,
            "json_values": True,
        }
        job.text = json.dumps(contents, indent=2)
        found = in_words_of_arguments(tunesmith.validate_job(job.text, base_folder=job.folder), contents)
        if mistakes or found:
            raise error([*mistakes, *found])
        job.start()

    def logs(self) -> None:
        """Prints the output of the latest training, as far as it has come."""
        job, number = self._training()
        _Output(job, number).show_news()

    def _wait(self, job: _job.LocalJob, show: bool) -> None:
        output = _Output(job, 0)
        job.wait(0.2, output.show_news if show else None)
        if show:
            output.show_news()
        answer = _describe.training_job(job, 0)
        if answer["TrainingJobStatus"] != "Completed":
            raise UnexpectedStatusException(
                f"training job {job.name}: {answer['TrainingJobStatus']}. Reason: {answer.get('FailureReason', '')}",
                ["Completed"],
                answer["TrainingJobStatus"],
            )

    def _training(self) -> tuple[_job.LocalJob, int]:
        if self._trained is None:
            raise ValueError("the estimator has not trained; call fit() first")
        return self._trained

    @property
    def model_data(self) -> str:
        """The folder where the script left its model (SM_MODEL_DIR). Raises ValueError before the first fit()."""
        job, number = self._training()
        return str(job.trial_folder(number) / "model")

    @property
    def latest_training_job(self) -> TrainingJob | None:
        """The training that the latest fit() began, or that the estimator was made of."""
        return None if self._trained is None else TrainingJob(*self._trained)

    @property
    def training_job_analytics(self) -> TrainingJobAnalytics:
        """Every value that the latest training reported. Raises ValueError before the first fit()."""
        job, number = self._training()
        return TrainingJobAnalytics(TrainingJob(job, number).name, sagemaker_session=Session(folder=job.folder))

    @classmethod
    def attach(
        cls: type[Self],
        training_job_name: str,
        sagemaker_session: Session | None = None,
        model_channel_name: str = "model",
    ) -> Self:
        """An estimator with the script, the hyperparameters and the model of a training job.

        Raises ValueError where there is none of that name in the session's folder.
        """
        session = sagemaker_session or Session()
        job, number = _describe.find_training_job(session.folder, training_job_name)
        estimator = cls._of(job, session, model_channel_name)
        return estimator._as_trained(job, number)

    @classmethod
    def _of(cls: type[Self], job: _job.LocalJob, session: Session, model_channel_name: str) -> Self:
        """An estimator as the job file describes it."""
        contents = job.contents
        definition = contents.get("TrainingJobDefinition", {})
        block = contents.get("tunesmith", contents)
        estimator = cls.__new__(cls)
        EstimatorBase.__init__(
            estimator,
            entry_point=block["command"][-1],
            metric_definitions=definition.get("AlgorithmSpecification", {}).get("MetricDefinitions"),
            environment=block.get("environment") or None,
            max_run=definition.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", block.get("time_limit")),
            model_channel_name=model_channel_name,
            sagemaker_session=session,
            hyperparameters=_decoded(definition.get("StaticHyperParameters", {})),
        )
        return estimator

    def _as_trained(self: Self, job: _job.LocalJob, number: int) -> Self:
        """A copy with the hyperparameters and the model of a trial."""
        estimator = copy.copy(self)
        values = {**_decoded(self.hyperparameters()), **_decoded(job.view().trial(number).params)}
        estimator._hyperparameters = values
        estimator._trained = (job, number)
        return estimator

    def deploy(self, *arguments: Any, **options: Any) -> Any:
        """Raises NotImplementedError: there is no endpoint here. It says where the model is."""
        raise NotImplementedError(f"nothing is deployed here; the model is in {self.model_data}")


class TrainingJob:
    """A training job of this machine: name, describe, wait and stop.

    >>> from tunesmith.sagemaker.estimator import Estimator
    >>> Estimator(entry_point="train.py").latest_training_job is None
    True
    """

    def __init__(self, job: _job.LocalJob, number: int) -> None:
        self._job = job
        self._number = number
        self.job_name = job.name
        if _describe.is_tuning(job.contents):
            self.job_name = training_job_name(job.name, number)
        self.name = self.job_name

    def describe(self) -> dict[str, Any]:
        """In the shape of DescribeTrainingJob."""
        return _describe.training_job(self._job, self._number)

    def wait(self, logs: str | bool = "All") -> None:
        """Waits for the end of the job that it belongs to."""
        self._job.wait(0.5)

    def stop(self) -> None:
        """Stops a training that is no part of a tuning job."""
        if _describe.is_tuning(self._job.contents):
            raise ValueError(f"{self.name} belongs to a tuning job; stop that")
        self._job.request_stop("stopped")


class _Output:
    """The output of a trial's latest attempt, what is new since the last look."""

    def __init__(self, job: _job.LocalJob, number: int) -> None:
        self._folder = job.trial_folder(number)
        self._shown = 0

    def show_news(self) -> None:
        logs = sorted(self._folder.glob("attempt-*.log"), key=lambda path: int(path.stem.split("-")[1]))
        if not logs:
            return
        with open(logs[-1], "rb") as file:
            file.seek(self._shown)
            news = file.read()
        whole = news[: news.rfind(b"\n") + 1]
        self._shown += len(whole)
        text = whole.decode(errors="replace")
        sys.stdout.write("".join(line for line in text.splitlines(True) if line.rstrip() != _TRAINED))
        sys.stdout.flush()


def _text_of(path: Any) -> str | None:
    return None if path is None else str(path)


def _decoded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Hyperparameters as Python values; sagemaker_* are the SDK's own."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name.startswith("sagemaker_"):
            continue
        try:
            found[name] = json.loads(value) if isinstance(value, str) else value
        except ValueError:
            found[name] = value
    return found
