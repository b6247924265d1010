"""What is wrong with a tuning job, in the words of the Python arguments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, cast

import tunesmith

_CONFIG = "/HyperParameterTuningJobConfig"
_DEFINITION = "/TrainingJobDefinition"

# Pointers into the request, and the argument that the part comes from.
_ARGUMENTS = (
    ("/HyperParameterTuningJobName", "job_name"),
    (f"{_CONFIG}/StrategyConfig", "strategy_config"),
    (f"{_CONFIG}/Strategy", "strategy"),
    (f"{_CONFIG}/HyperParameterTuningJobObjective/Type", "objective_type"),
    (f"{_CONFIG}/HyperParameterTuningJobObjective/MetricName", "objective_metric_name"),
    (f"{_CONFIG}/ResourceLimits/MaxNumberOfTrainingJobs", "max_jobs"),
    (f"{_CONFIG}/ResourceLimits/MaxParallelTrainingJobs", "max_parallel_jobs"),
    (f"{_CONFIG}/ResourceLimits/MaxRuntimeInSeconds", "max_runtime_in_seconds"),
    (f"{_CONFIG}/ParameterRanges", "hyperparameter_ranges"),
    (f"{_CONFIG}/TrainingJobEarlyStoppingType", "early_stopping_type"),
    (f"{_CONFIG}/TuningJobCompletionCriteria", "completion_criteria_config"),
    (f"{_CONFIG}/RandomSeed", "random_seed"),
    (f"{_DEFINITION}/AlgorithmSpecification/MetricDefinitions", "metric_definitions"),
    (f"{_DEFINITION}/StaticHyperParameters", "the estimator's hyperparameters"),
    (f"{_DEFINITION}/Environment", "the estimator's environment"),
    (f"{_DEFINITION}/StoppingCondition/MaxRuntimeInSeconds", "the estimator's max_run"),
    ("/TrainingJobDefinitions", "several estimators"),
    ("/WarmStartConfig", "warm_start_config"),
    ("/Autotune", "autotune"),
    ("/Tags", "tags"),
    ("/tunesmith/channels", "inputs"),
    ("/tunesmith/environment", "the estimator's environment"),
    ("/name", "job_name"),
    ("/metrics", "metric_definitions"),
    ("/parameters", "the estimator's hyperparameters"),
    ("/channels", "inputs"),
    ("/time_limit", "the estimator's max_run"),
    ("/environment", "the estimator's environment"),
)


class Mistake(NamedTuple):
    """As tunesmith.Mistake: path, what is wrong, and what is allowed."""

    path: str
    what: str
    allowed: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.what}" + (f" (allowed: {self.allowed})" if self.allowed else "")


def error(mistakes: Iterable[Mistake], code: str = "invalid_job") -> tunesmith.Error:
    """One Error that lists all of them."""
    found = list(mistakes)
    return tunesmith.Error(code, "\n".join(str(one) for one in found), cast("list[tunesmith.Mistake]", found))


def in_words_of_arguments(found: Iterable[tunesmith.Mistake], request: Mapping[str, Any]) -> list[Mistake]:
    """The core's mistakes in a request, each led by the argument it comes from."""
    return [Mistake(_argument(one.path, request), one.what, one.allowed) for one in found]


def _argument(path: str, request: Mapping[str, Any]) -> str:
    for prefix, name in _ARGUMENTS:
        if path != prefix and not path.startswith(prefix + "/"):
            continue
        steps = [step.replace("~1", "/").replace("~0", "~") for step in path[len(prefix) :].split("/")[1:]]
        item: Any = request
        for step in prefix.split("/")[1:]:
            item = item.get(step, {}) if isinstance(item, Mapping) else {}
        if name == "hyperparameter_ranges" and len(steps) > 1:
            name, steps = f'{name}["{_range_name(item, steps)}"]', steps[2:]
        return name + "".join(f"[{step}]" if step.isdigit() else f'["{step}"]' for step in steps)
    return path


def _range_name(ranges: Any, steps: list[str]) -> str:
    try:
        return str(ranges[steps[0]][int(steps[1])]["Name"])
    except (KeyError, IndexError, TypeError, ValueError):
        return "/".join(steps[:2])
