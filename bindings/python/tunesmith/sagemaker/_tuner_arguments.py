"""What a tuner is given, and the tuning request it makes."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from . import _request
from ._arguments import IgnoredArgumentsWarning
from ._base import EstimatorBase
from ._configs import InstanceConfig, StrategyConfig, TuningJobCompletionCriteriaConfig, WarmStartConfig
from ._definitions import Definition
from ._tuning_job import TuningJob
from .parameter import ParameterRange
from .session import Session

Made = TypeVar("Made", bound="TunerArguments")
MetricDefinitions = Sequence[Mapping[str, str]]


class TunerArguments:
    """The arguments of HyperparameterTuner."""

    def __init__(
        self,
        estimator: EstimatorBase,
        objective_metric_name: str,
        hyperparameter_ranges: Mapping[str, ParameterRange],
        metric_definitions: MetricDefinitions | None = None,
        strategy: str = "Bayesian",
        objective_type: str = "Maximize",
        max_jobs: int | None = None,
        max_parallel_jobs: int = 1,
        max_runtime_in_seconds: int | None = None,
        tags: Any = None,
        base_tuning_job_name: str | None = None,
        warm_start_config: WarmStartConfig | None = None,
        strategy_config: StrategyConfig | None = None,
        completion_criteria_config: TuningJobCompletionCriteriaConfig | None = None,
        early_stopping_type: str = "Off",
        estimator_name: str | None = None,
        random_seed: int | None = None,
        autotune: bool = False,
        hyperparameters_to_keep_static: Sequence[str] | None = None,
    ) -> None:
        if hyperparameters_to_keep_static and not autotune:
            raise ValueError("hyperparameters_to_keep_static: has a meaning with autotune only")
        self._definitions = [
            Definition.checked(
                estimator_name,
                estimator,
                objective_metric_name,
                hyperparameter_ranges,
                metric_definitions,
                hyperparameters_to_keep_static,
            )
        ]
        self.strategy = strategy
        self.objective_type = objective_type
        self.max_jobs = 1 if max_jobs is None and strategy != "Grid" else max_jobs
        self.max_parallel_jobs = max_parallel_jobs
        self.max_runtime_in_seconds = max_runtime_in_seconds
        self.tags = tags
        self.base_tuning_job_name = base_tuning_job_name
        self.warm_start_config = warm_start_config
        self.strategy_config = strategy_config
        self.completion_criteria_config = completion_criteria_config
        self.early_stopping_type = early_stopping_type
        self.random_seed = random_seed
        self.autotune = autotune
        self.latest_tuning_job: TuningJob | None = None

    @classmethod
    def create(
        cls: type[Made],
        estimator_dict: Mapping[str, EstimatorBase],
        objective_metric_name_dict: Mapping[str, str],
        hyperparameter_ranges_dict: Mapping[str, Mapping[str, ParameterRange]],
        metric_definitions_dict: Mapping[str, MetricDefinitions] | None = None,
        base_tuning_job_name: str | None = None,
        strategy: str = "Bayesian",
        strategy_config: StrategyConfig | None = None,
        completion_criteria_config: TuningJobCompletionCriteriaConfig | None = None,
        objective_type: str = "Maximize",
        max_jobs: int | None = None,
        max_parallel_jobs: int = 1,
        max_runtime_in_seconds: int | None = None,
        tags: Any = None,
        warm_start_config: WarmStartConfig | None = None,
        early_stopping_type: str = "Off",
        random_seed: int | None = None,
        autotune: bool = False,
        hyperparameters_to_keep_static_dict: Mapping[str, Sequence[str]] | None = None,
    ) -> Made:
        """A tuner of estimators by name. Several in one job are not run by this version: fit() says so.

        Raises ValueError where the dicts have other keys than estimator_dict.

        >>> from tunesmith.sagemaker.pytorch import PyTorch
        >>> from tunesmith.sagemaker.tuner import HyperparameterTuner, IntegerParameter
        >>> tuner = HyperparameterTuner.create(
        ...     {"net": PyTorch(entry_point="train.py")}, {"net": "loss"}, {"net": {"layers": IntegerParameter(1, 4)}}
        ... )
        >>> tuner.hyperparameter_ranges_dict()["net"]["IntegerParameterRanges"][0]["Name"]
        'layers'
        """
        names = list(estimator_dict)
        if not names:
            raise ValueError("estimator_dict: is empty")
        kept = hyperparameters_to_keep_static_dict or {}
        metrics = metric_definitions_dict or {}
        for argument, given, whole in (
            ("objective_metric_name_dict", set(objective_metric_name_dict), True),
            ("hyperparameter_ranges_dict", set(hyperparameter_ranges_dict), not autotune),
            ("metric_definitions_dict", set(metrics), False),
            ("hyperparameters_to_keep_static_dict", set(kept), False),
        ):
            if given - set(names) or (whole and given != set(names)):
                raise ValueError(f"{argument}: has the keys {sorted(given)}, estimator_dict has {sorted(names)}")
        tuner = cls(
            estimator_dict[names[0]],
            objective_metric_name_dict[names[0]],
            hyperparameter_ranges_dict.get(names[0], {}),
            metrics.get(names[0]),
            estimator_name=names[0],
            base_tuning_job_name=base_tuning_job_name,
            strategy=strategy,
            strategy_config=strategy_config,
            completion_criteria_config=completion_criteria_config,
            objective_type=objective_type,
            max_jobs=max_jobs,
            max_parallel_jobs=max_parallel_jobs,
            max_runtime_in_seconds=max_runtime_in_seconds,
            tags=tags,
            warm_start_config=warm_start_config,
            early_stopping_type=early_stopping_type,
            random_seed=random_seed,
            autotune=autotune,
            hyperparameters_to_keep_static=kept.get(names[0]),
        )
        for name in names[1:]:
            tuner._definitions.append(
                Definition.checked(
                    name,
                    estimator_dict[name],
                    objective_metric_name_dict[name],
                    hyperparameter_ranges_dict.get(name),
                    metrics.get(name),
                    kept.get(name),
                )
            )
        return tuner

    @property
    def estimator(self) -> EstimatorBase | None:
        """The estimator; None where there are several."""
        return self._definitions[0].estimator if len(self._definitions) == 1 else None

    @property
    def estimator_dict(self) -> dict[str, EstimatorBase]:
        """The estimators by the names that create() was given; empty without names."""
        return {one.name: one.estimator for one in self._definitions if one.name}

    @property
    def objective_metric_name(self) -> str:
        """The (first) objective."""
        return self._definitions[0].objective

    @property
    def metric_definitions(self) -> MetricDefinitions | None:
        """The (first) estimator's metric definitions, where the tuner was given some."""
        return self._definitions[0].metric_definitions

    @property
    def sagemaker_session(self) -> Session:
        """The session, with the folder that the jobs are in."""
        return Session(folder=self._definitions[0].estimator.folder)

    def hyperparameter_ranges(self) -> dict[str, Any] | None:
        """The ranges as they stand in a tuning request; None where there are several estimators."""
        return self._definitions[0].request_ranges() if len(self._definitions) == 1 else None

    def hyperparameter_ranges_dict(self) -> dict[str, dict[str, Any]] | None:
        """The same by the names that create() was given; None without names."""
        return {one.name: one.request_ranges() for one in self._definitions if one.name} or None

    def override_resource_config(self, instance_configs: Sequence[InstanceConfig] | Mapping[str, Any]) -> None:
        """Ignored, with a notice: trials run on this machine."""
        warnings.warn(
            "HyperparameterTuner: trials run on this machine, so override_resource_config has no meaning",
            IgnoredArgumentsWarning,
            stacklevel=2,
        )

    def request(self, job_name: str) -> dict[str, Any]:
        """The tuner as a CreateHyperParameterTuningJob request, without what is run here.

        >>> from tunesmith.sagemaker.sklearn import SKLearn
        >>> from tunesmith.sagemaker.tuner import CategoricalParameter, HyperparameterTuner
        >>> tuner = HyperparameterTuner(SKLearn("fit.py"), "f1", {"C": CategoricalParameter([1, 10])}, strategy="Grid")
        >>> tuner.request("svm")["HyperParameterTuningJobConfig"]["ResourceLimits"]
        {'MaxParallelTrainingJobs': 1}
        """
        limits: dict[str, Any] = {"MaxParallelTrainingJobs": self.max_parallel_jobs}
        if self.max_jobs is not None:
            limits["MaxNumberOfTrainingJobs"] = self.max_jobs
        if self.max_runtime_in_seconds is not None:
            limits["MaxRuntimeInSeconds"] = self.max_runtime_in_seconds
        config: dict[str, Any] = {
            "Strategy": self.strategy,
            "ResourceLimits": limits,
            "TrainingJobEarlyStoppingType": self.early_stopping_type,
        }
        if self.random_seed is not None:
            config["RandomSeed"] = self.random_seed
        if self.strategy_config is not None:
            config["StrategyConfig"] = self.strategy_config.to_input_req()
        if self.completion_criteria_config is not None:
            config["TuningJobCompletionCriteria"] = self.completion_criteria_config.to_input_req()
        request: dict[str, Any] = {"HyperParameterTuningJobName": job_name, "HyperParameterTuningJobConfig": config}
        if len(self._definitions) == 1:
            only = self._definitions[0]
            config["HyperParameterTuningJobObjective"] = only.request_objective(self.objective_type)
            config["ParameterRanges"] = only.request_ranges(self.autotune)
            request["TrainingJobDefinition"] = only.request(self.autotune)
        else:
            request["TrainingJobDefinitions"] = [
                one.request_of_several(self.objective_type, self.autotune) for one in self._definitions
            ]
        if self.warm_start_config is not None:
            request["WarmStartConfig"] = self.warm_start_config.to_input_req()
        if self.autotune:
            request["Autotune"] = {"Mode": "Enabled"}
        tags = _request.tags(self.tags or self._definitions[0].estimator.tags)
        if tags:
            request["Tags"] = tags
        return request
