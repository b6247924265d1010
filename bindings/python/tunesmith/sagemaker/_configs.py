"""Parts of a tuning request as objects, as in sagemaker.tuner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any


class WarmStartTypes(Enum):
    """How a tuning job goes on from earlier ones. Both are alike here: results tell how far a parent is trusted.

    >>> from tunesmith.sagemaker.tuner import WarmStartTypes
    >>> WarmStartTypes.TRANSFER_LEARNING.value
    'TransferLearning'
    """

    IDENTICAL_DATA_AND_ALGORITHM = "IdenticalDataAndAlgorithm"
    TRANSFER_LEARNING = "TransferLearning"


class WarmStartConfig:
    """Earlier tuning jobs to start from.

    warm_start_type -- one of WarmStartTypes
    parents -- names of 1 to 5 tuning jobs that lie in the same folder

    >>> from tunesmith.sagemaker.tuner import WarmStartConfig, WarmStartTypes
    >>> WarmStartConfig(WarmStartTypes.TRANSFER_LEARNING, {"mnist-1"}).to_input_req()["WarmStartType"]
    'TransferLearning'
    """

    def __init__(self, warm_start_type: WarmStartTypes | str, parents: Iterable[str]) -> None:
        self.type = WarmStartTypes(warm_start_type)
        self.parents = set(parents)
        if not self.parents:
            raise ValueError("parents: a warm start needs at least one earlier tuning job")

    @classmethod
    def from_job_desc(cls, warm_start_config: Mapping[str, Any] | None) -> WarmStartConfig | None:
        """From the part of describe()'s answer; None for none."""
        if not warm_start_config:
            return None
        parents = warm_start_config["ParentHyperParameterTuningJobs"]
        return cls(warm_start_config["WarmStartType"], {one["HyperParameterTuningJobName"] for one in parents})

    def to_input_req(self) -> dict[str, Any]:
        """The part of a tuning request."""
        return {
            "WarmStartType": self.type.value,
            "ParentHyperParameterTuningJobs": [{"HyperParameterTuningJobName": name} for name in sorted(self.parents)],
        }


class HyperbandStrategyConfig:
    """How long Hyperband lets trials run, in reports of the objective (epochs).

    max_resource -- to there at most, from 1
    min_resource -- to there at least, from 1

    >>> from tunesmith.sagemaker.tuner import HyperbandStrategyConfig
    >>> HyperbandStrategyConfig(max_resource=27, min_resource=1).to_input_req()
    {'MaxResource': 27, 'MinResource': 1}
    """

    def __init__(self, max_resource: int, min_resource: int) -> None:
        self.max_resource = max_resource
        self.min_resource = min_resource

    @classmethod
    def from_job_desc(cls, hyperband_strategy_config: Mapping[str, Any] | None) -> HyperbandStrategyConfig | None:
        """From the part of describe()'s answer; None for none."""
        if not hyperband_strategy_config:
            return None
        return cls(hyperband_strategy_config.get("MaxResource", 0), hyperband_strategy_config.get("MinResource", 1))

    def to_input_req(self) -> dict[str, Any]:
        """The part of a tuning request."""
        return {"MaxResource": self.max_resource, "MinResource": self.min_resource}


class StrategyConfig:
    """Options of a strategy; only Hyperband has some.

    >>> from tunesmith.sagemaker.tuner import HyperbandStrategyConfig, StrategyConfig
    >>> StrategyConfig(HyperbandStrategyConfig(9, 1)).hyperband_strategy_config.max_resource
    9
    """

    def __init__(self, hyperband_strategy_config: HyperbandStrategyConfig | None) -> None:
        self.hyperband_strategy_config = hyperband_strategy_config

    @classmethod
    def from_job_desc(cls, strategy_config: Mapping[str, Any] | None) -> StrategyConfig | None:
        """From the part of describe()'s answer; None for none."""
        if not strategy_config:
            return None
        return cls(HyperbandStrategyConfig.from_job_desc(strategy_config.get("HyperbandStrategyConfig")))

    def to_input_req(self) -> dict[str, Any]:
        """The part of a tuning request."""
        hyperband = self.hyperband_strategy_config
        return {"HyperbandStrategyConfig": hyperband.to_input_req()} if hyperband else {}


class BestObjectiveNotImproving:
    """Ends a job when so many trials in a row were not better than the best by 1 %.

    max_number_of_training_jobs_not_improving -- from 1

    >>> from tunesmith.sagemaker.tuner import BestObjectiveNotImproving
    >>> BestObjectiveNotImproving(10).to_input_req()
    {'BestObjectiveNotImproving': {'MaxNumberOfTrainingJobsNotImproving': 10}}
    """

    def __init__(self, max_number_of_training_jobs_not_improving: int) -> None:
        self.max_number_of_training_jobs_not_improving = max_number_of_training_jobs_not_improving

    def to_input_req(self) -> dict[str, Any]:
        """The part of the completion criteria."""
        count = self.max_number_of_training_jobs_not_improving
        return {"BestObjectiveNotImproving": {"MaxNumberOfTrainingJobsNotImproving": count}}


class ConvergenceDetected:
    """Ends a job when the strategy's model sees nothing left to gain.

    complete_on_convergence -- default True

    >>> from tunesmith.sagemaker.tuner import ConvergenceDetected
    >>> ConvergenceDetected().to_input_req()
    {'ConvergenceDetected': {'CompleteOnConvergence': 'Enabled'}}
    """

    def __init__(self, complete_on_convergence: bool = True) -> None:
        self.complete_on_convergence = complete_on_convergence

    def to_input_req(self) -> dict[str, Any]:
        """The part of the completion criteria."""
        word = "Enabled" if self.complete_on_convergence else "Disabled"
        return {"ConvergenceDetected": {"CompleteOnConvergence": word}}


class TuningJobCompletionCriteriaConfig:
    """What ends a job before its number of trials is spent; any of them does.

    max_number_of_training_jobs_not_improving -- see BestObjectiveNotImproving; a number or such an object
    complete_on_convergence -- see ConvergenceDetected; a bool or such an object
    target_objective_metric_value -- a value of the objective that is good enough

    >>> from tunesmith.sagemaker.tuner import TuningJobCompletionCriteriaConfig
    >>> TuningJobCompletionCriteriaConfig(target_objective_metric_value=0.98).to_input_req()
    {'TargetObjectiveMetricValue': 0.98}
    """

    def __init__(
        self,
        max_number_of_training_jobs_not_improving: int | BestObjectiveNotImproving | None = None,
        complete_on_convergence: bool | ConvergenceDetected | None = None,
        target_objective_metric_value: float | None = None,
    ) -> None:
        not_improving, convergence = max_number_of_training_jobs_not_improving, complete_on_convergence
        if isinstance(not_improving, BestObjectiveNotImproving):
            not_improving = not_improving.max_number_of_training_jobs_not_improving
        if isinstance(convergence, ConvergenceDetected):
            convergence = convergence.complete_on_convergence
        self.max_number_of_training_jobs_not_improving: int | None = not_improving
        self.complete_on_convergence: bool | None = convergence
        self.target_objective_metric_value = target_objective_metric_value

    @classmethod
    def from_job_desc(
        cls, completion_criteria_config: Mapping[str, Any] | None
    ) -> TuningJobCompletionCriteriaConfig | None:
        """From the part of describe()'s answer; None for none."""
        if not completion_criteria_config:
            return None
        convergence = completion_criteria_config.get("ConvergenceDetected", {}).get("CompleteOnConvergence")
        return cls(
            completion_criteria_config.get("BestObjectiveNotImproving", {}).get("MaxNumberOfTrainingJobsNotImproving"),
            None if convergence is None else convergence == "Enabled",
            completion_criteria_config.get("TargetObjectiveMetricValue"),
        )

    def to_input_req(self) -> dict[str, Any]:
        """The part of a tuning request."""
        request: dict[str, Any] = {}
        if self.max_number_of_training_jobs_not_improving is not None:
            request.update(BestObjectiveNotImproving(self.max_number_of_training_jobs_not_improving).to_input_req())
        if self.target_objective_metric_value is not None:
            request["TargetObjectiveMetricValue"] = self.target_objective_metric_value
        if self.complete_on_convergence is not None:
            request.update(ConvergenceDetected(self.complete_on_convergence).to_input_req())
        return request


class InstanceConfig:
    """Machines of the service; override_resource_config takes it, and it has no meaning here.

    >>> from tunesmith.sagemaker.tuner import InstanceConfig
    >>> InstanceConfig(1, "ml.m5.large").instance_type
    'ml.m5.large'
    """

    def __init__(
        self, instance_count: int | None = None, instance_type: str | None = None, volume_size: int = 30
    ) -> None:
        self.instance_count = instance_count
        self.instance_type = instance_type
        self.volume_size = volume_size

    @classmethod
    def from_job_desc(cls, instance_config: Mapping[str, Any] | None) -> InstanceConfig | None:
        """From the part of a request; None for none."""
        if not instance_config:
            return None
        return cls(
            instance_config.get("InstanceCount"),
            instance_config.get("InstanceType"),
            instance_config.get("VolumeSizeInGB", 30),
        )

    def to_input_req(self) -> dict[str, Any]:
        """The part of a request."""
        return {
            "InstanceCount": self.instance_count,
            "InstanceType": self.instance_type,
            "VolumeSizeInGB": self.volume_size,
        }
