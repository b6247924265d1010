"""Tuning on this machine by the names of sagemaker.tuner."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import tunesmith

from . import _describe, _job, _request
from ._base import EstimatorBase
from ._configs import (
    BestObjectiveNotImproving,
    ConvergenceDetected,
    HyperbandStrategyConfig,
    InstanceConfig,
    StrategyConfig,
    TuningJobCompletionCriteriaConfig,
    WarmStartConfig,
    WarmStartTypes,
)
from ._mistakes import Mistake, error, in_words_of_arguments
from ._tuner_arguments import TunerArguments
from ._tuning_job import TuningJob
from .analytics import HyperparameterTuningJobAnalytics
from .parameter import CategoricalParameter, ContinuousParameter, IntegerParameter, ParameterRange
from .session import Session

__all__ = [
    "BestObjectiveNotImproving",
    "CategoricalParameter",
    "ContinuousParameter",
    "ConvergenceDetected",
    "HyperbandStrategyConfig",
    "HyperparameterTuner",
    "InstanceConfig",
    "IntegerParameter",
    "ParameterRange",
    "StrategyConfig",
    "TuningJob",
    "TuningJobCompletionCriteriaConfig",
    "WarmStartConfig",
    "WarmStartTypes",
    "create_identical_dataset_and_algorithm_tuner",
    "create_transfer_learning_tuner",
]

Self = TypeVar("Self", bound="HyperparameterTuner")

_POLL = 5.0
_MARKS = {"Completed": "!", "Failed": "*", "Stopped": "s"}


class HyperparameterTuner(TunerArguments):
    """Searches an estimator's hyperparameters, its trials being processes of this machine.

    estimator -- an Estimator, PyTorch, ... of this package
    objective_metric_name -- the name of a metric definition
    hyperparameter_ranges -- ContinuousParameter, IntegerParameter and CategoricalParameter by name
    metric_definitions -- [{"Name": ..., "Regex": ...}]; default: the estimator's
    strategy -- "Bayesian" (default), "Random", "Grid" (no ContinuousParameter) or "Hyperband"
    objective_type -- "Maximize" (default) or "Minimize"
    max_jobs -- trials in all, from 1; default 1, with "Grid" all combinations
    max_parallel_jobs -- trials at once, from 1; default 1
    max_runtime_in_seconds -- of the whole job, from 1; default: no limit
    tags -- kept in the request
    base_tuning_job_name -- what the job's name begins with; default: the estimator's base_job_name or class
    warm_start_config -- earlier jobs to start from
    strategy_config -- with "Hyperband": how far trials run; may be left out where the estimator has a static number of
                       epochs
    completion_criteria_config -- what else ends the job
    early_stopping_type -- "Off" (default) or "Auto": trials worse than the median of the others end early
    estimator_name -- a name for the definition, shown by describe()
    random_seed -- default 0: the same job suggests the same trials
    autotune, hyperparameters_to_keep_static -- not run by this version: fit() says so

    Nothing is checked here but for what cannot be a request at all; fit() raises tunesmith.Error with every mistake,
    each led by the argument it is in.

    >>> import os, tempfile
    >>> from tunesmith.sagemaker.pytorch import PyTorch
    >>> from tunesmith.sagemaker.tuner import ContinuousParameter, HyperparameterTuner
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     script = os.path.join(folder, "train.py")
    ...     with open(script, "w") as file:
    ...         _ = file.write("import sys; print('test loss:', float(sys.argv[2]) ** 2)")
    ...     tuner = HyperparameterTuner(
    ...         PyTorch(entry_point=script, output_path=folder),
    ...         "loss",
    ...         {"lr": ContinuousParameter(0.001, 0.1)},
    ...         metric_definitions=[{"Name": "loss", "Regex": "test loss: ([0-9.e-]+)"}],
    ...         objective_type="Minimize",
    ...         strategy="Random",
    ...         max_jobs=2,
    ...     )
    ...     tuner.fit()
    ...     tuner.describe()["TrainingJobStatusCounters"]["Completed"]
    !
    2
    """

    TUNING_JOB_NAME_MAX_LENGTH = 32

    def fit(
        self,
        inputs: Any = None,
        job_name: str | None = None,
        include_cls_metadata: bool | Mapping[str, bool] = False,
        estimator_kwargs: Mapping[str, Mapping[str, Any]] | None = None,
        wait: bool = True,
        **kwargs: Any,
    ) -> None:
        """Runs the job.

        inputs -- data by channel name: {"training": "data"}, values being paths, file://… or TrainingInput; a lone one
                  is the channel "training". The script finds them in SM_CHANNEL_<NAME>
        job_name -- default: base_tuning_job_name and the time. The name of a job that is there goes on with it, where
                    ranges, objective and metrics are the same
        wait -- return when it has ended, see wait(); else at once, and the program's end waits for it
        The other arguments are accepted and have no meaning here.

        Raises tunesmith.Error with every mistake in the arguments, UnexpectedStatusException where no trial succeeds.
        """
        first = self._definitions[0].estimator
        base = _job.clean(self.base_tuning_job_name or "") or first.job_base
        name = job_name or _job.new_name(first.folder, base, self.TUNING_JOB_NAME_MAX_LENGTH)
        job = _job.LocalJob.named(first.folder, name)
        try:
            self._start(job, name, inputs)
        except BaseException:
            job.discard_unused()
            raise
        self.latest_tuning_job = TuningJob(job)
        if wait:
            self.wait()

    def _start(self, job: _job.LocalJob, name: str, inputs: Any) -> None:
        mistakes: list[Mistake] = []
        request = self.request(name)
        block: dict[str, Any] = {"json_values": True}
        if len(self._definitions) == 1:
            command, channels, environment = self._definitions[0].estimator.execution(inputs, job.own_folder, mistakes)
            block.update(command=command or ["missing"], channels=channels, environment=environment)
        job.text = json.dumps({**request, "tunesmith": block}, indent=2)
        found = tunesmith.validate_job(job.text, base_folder=job.folder)
        if mistakes or found:
            raise error([*mistakes, *in_words_of_arguments(found, request)])
        try:
            job.start()
        except tunesmith.Error as raised:
            if not raised.mistakes:
                raise
            raise error(in_words_of_arguments(raised.mistakes, request), raised.code) from None

    def _job(self) -> _job.LocalJob:
        if self.latest_tuning_job is None:
            raise ValueError("no tuning job has been started; call fit() first")
        return self.latest_tuning_job.job

    def wait(self) -> None:
        """Waits for the end of the job, with a dot each five seconds and at last "!", "*" (failed) or "s" (stopped).

        A job that nobody runs and that had not ended (its process died, or Ctrl-C) is gone on with.
        Ctrl-C stops the running trials, which will be run again, and raises KeyboardInterrupt.
        Raises UnexpectedStatusException where no trial succeeded.
        """
        job = self._job()
        job.wait(_POLL, lambda: _job.show("."))
        _job.show(_MARKS.get(_describe.status(job), "?") + "\n")
        _describe.checked(job)

    def describe(self) -> dict[str, Any]:
        """The latest job in the shape of DescribeHyperParameterTuningJob, as far as that means something here."""
        return _describe.tuning_job(self._job())

    def stop_tuning_job(self) -> None:
        """Stops the latest job for good; running trials get SIGTERM and, after 120 s, SIGKILL."""
        self._job().request_stop("stop_tuning_job")

    def best_training_job(self) -> str:
        """The name of the best trial. Raises ValueError while none has succeeded."""
        name: str = self._best()["TrainingJobName"]
        return name

    def _best(self) -> dict[str, Any]:
        found: dict[str, Any] | None = self.describe().get("BestTrainingJob")
        if found is None:
            raise ValueError(f"Best training job not available for tuning job: {self._job().name}")
        return found

    def best_estimator(self, best_training_job: Mapping[str, Any] | None = None) -> EstimatorBase:
        """The estimator with the best trial's hyperparameters() and model_data.

        best_training_job -- another one, as describe() and training_job_summaries() give them
        """
        best = best_training_job or self._best()
        job, number = _describe.find_training_job(self._job().folder, best["TrainingJobName"])
        definition = next(
            (one for one in self._definitions if one.name == best.get("TrainingJobDefinitionName")),
            self._definitions[0],
        )
        return definition.estimator._as_trained(job, number)

    def analytics(self) -> HyperparameterTuningJobAnalytics:
        """The trials of the latest job as a table."""
        return HyperparameterTuningJobAnalytics(self._job().name, self.sagemaker_session)

    def deploy(self, *arguments: Any, **options: Any) -> Any:
        """Raises NotImplementedError: there is no endpoint here. It says where the best model is."""
        return self.best_estimator().deploy()

    @classmethod
    def attach(
        cls: type[Self],
        tuning_job_name: str,
        sagemaker_session: Session | None = None,
        job_details: Mapping[str, Any] | None = None,
        estimator_cls: type[EstimatorBase] | None = None,
    ) -> Self:
        """The tuner of a job that was begun by this program or another.

        tuning_job_name -- of a job in the session's folder
        sagemaker_session -- default: the folder "tuning-jobs"
        job_details -- no meaning here
        estimator_cls -- the estimator's class; default: what the job was begun with

        It starts nothing; wait() goes on with a job whose process died. Raises ValueError where there is no such job.

        >>> from tunesmith.sagemaker.tuner import HyperparameterTuner
        >>> HyperparameterTuner.attach("no-such-job")
        Traceback (most recent call last):
        ValueError: there is no job "no-such-job": ...
        """
        session = sagemaker_session or Session()
        job = _describe.find_tuning_job(session.folder, tuning_job_name)
        contents = job.contents
        definition = contents["TrainingJobDefinition"]
        config = contents["HyperParameterTuningJobConfig"]
        limits = config["ResourceLimits"]
        tuner = cls(
            (estimator_cls or _request.estimator_class(definition))._of(job, session, "model"),
            config["HyperParameterTuningJobObjective"]["MetricName"],
            _request.ranges_from(config["ParameterRanges"]),
            definition["AlgorithmSpecification"]["MetricDefinitions"],
            config["Strategy"],
            config["HyperParameterTuningJobObjective"]["Type"],
            limits.get("MaxNumberOfTrainingJobs"),
            limits["MaxParallelTrainingJobs"],
            limits.get("MaxRuntimeInSeconds"),
            contents.get("Tags"),
            None,
            WarmStartConfig.from_job_desc(contents.get("WarmStartConfig")),
            StrategyConfig.from_job_desc(config.get("StrategyConfig")),
            TuningJobCompletionCriteriaConfig.from_job_desc(config.get("TuningJobCompletionCriteria")),
            config.get("TrainingJobEarlyStoppingType", "Off"),
            definition.get("DefinitionName"),
            config.get("RandomSeed"),
        )
        tuner.latest_tuning_job = TuningJob(job)
        return tuner

    def identical_dataset_and_algorithm_tuner(self: Self, additional_parents: Iterable[str] | None = None) -> Self:
        """A tuner like this one that starts from its latest job (and other parents)."""
        return self._child(WarmStartTypes.IDENTICAL_DATA_AND_ALGORITHM, additional_parents, None)

    def transfer_learning_tuner(
        self: Self, additional_parents: Iterable[str] | None = None, estimator: EstimatorBase | None = None
    ) -> Self:
        """The same for other data or another estimator."""
        return self._child(WarmStartTypes.TRANSFER_LEARNING, additional_parents, estimator)

    def _child(
        self: Self, kind: WarmStartTypes, parents: Iterable[str] | None, estimator: EstimatorBase | None
    ) -> Self:
        if len(self._definitions) > 1:
            raise ValueError("a warm start is for a single estimator")
        first = self._definitions[0]
        return type(self)(
            estimator or first.estimator,
            first.objective,
            first.ranges,
            first.metric_definitions,
            self.strategy,
            self.objective_type,
            self.max_jobs,
            self.max_parallel_jobs,
            self.max_runtime_in_seconds,
            self.tags,
            self.base_tuning_job_name,
            WarmStartConfig(kind, {self._job().name, *(parents or ())}),
            self.strategy_config,
            self.completion_criteria_config,
            self.early_stopping_type,
            first.name,
            self.random_seed,
            self.autotune,
            first.keep_static or None,
        )


def create_identical_dataset_and_algorithm_tuner(
    parent: str, additional_parents: Iterable[str] | None = None, sagemaker_session: Session | None = None
) -> HyperparameterTuner:
    """A tuner like that of the job `parent`, which starts from its results (and those of other parents).

    Raises ValueError where there is no such job in the session's folder.

    >>> from tunesmith.sagemaker.tuner import create_identical_dataset_and_algorithm_tuner
    >>> create_identical_dataset_and_algorithm_tuner("no-such-job")
    Traceback (most recent call last):
    ValueError: there is no job "no-such-job": ...
    """
    return HyperparameterTuner.attach(parent, sagemaker_session).identical_dataset_and_algorithm_tuner(
        additional_parents
    )


def create_transfer_learning_tuner(
    parent: str,
    additional_parents: Iterable[str] | None = None,
    estimator: EstimatorBase | None = None,
    sagemaker_session: Session | None = None,
) -> HyperparameterTuner:
    """The same for other data or another estimator.

    >>> from tunesmith.sagemaker.tuner import create_transfer_learning_tuner
    >>> create_transfer_learning_tuner("no-such-job")
    Traceback (most recent call last):
    ValueError: there is no job "no-such-job": ...
    """
    return HyperparameterTuner.attach(parent, sagemaker_session).transfer_learning_tuner(additional_parents, estimator)
