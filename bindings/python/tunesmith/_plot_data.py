"""What the plots show of a study, without matplotlib."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from . import Parameter, Study, StudyView, Trial

if TYPE_CHECKING:
    from . import DynamicStudy

AnyStudy = Union[Study, StudyView, "DynamicStudy"]

_LOG_FROM = 100.0


def view_of(study: AnyStudy) -> StudyView:
    if isinstance(study, StudyView):
        return study
    return study.view() if isinstance(study, Study) else study.core.view()


class Objective:
    """One of the study's objectives, and its values."""

    def __init__(self, view: StudyView, name: Optional[str]) -> None:
        names = list(view.problem.objectives)
        if name is not None and name not in names:
            raise ValueError(f'"{name}" is none of the objectives {names}')
        self.name = names[0] if name is None else name
        self.minimized = view.problem.objectives[self.name] == "minimize"
        self._index = names.index(self.name)
        self._view = view

    def of(self, trial: Trial) -> Optional[float]:
        return self._view.objective(trial, self._index)

    def better(self, value: float, other: float) -> bool:
        return value < other if self.minimized else value > other

    def trials(self) -> list[Trial]:
        """Those completed with a value, the best ones last, so that they are drawn on top."""
        valued = [trial for trial in self._view.trials if trial.state == "completed" and self.of(trial) is not None]
        return sorted(valued, key=lambda trial: -self.number(trial) if self.minimized else self.number(trial))

    def number(self, trial: Trial) -> float:
        value = self.of(trial)
        return math.nan if value is None else value


class Scale:
    """A parameter's values as positions: the value itself on a linear or logarithmic axis, or a choice's place."""

    def __init__(self, parameter: Parameter) -> None:
        self.name = parameter.name
        self.choices: list[Any] = list(parameter.choices)
        self.is_ordered = parameter.type != "categorical"
        least, most = parameter.min, parameter.max
        self.least, self.most = (-0.5, len(self.choices) - 0.5) if least is None or most is None else (least, most)
        wide = self.least > 0 and self.most / self.least >= _LOG_FROM
        self.is_log = not self.choices and (parameter.scale == "log" or (parameter.scale == "auto" and wide))

    def position(self, params: dict[str, Any]) -> Optional[float]:
        """None: the parameter is not active."""
        if self.name not in params:
            return None
        value = params[self.name]
        if not self.choices:
            return float(value)
        # True is equal to 1, and may be another choice.
        kinds = [(isinstance(choice, bool), choice) for choice in self.choices]
        return float(kinds.index((isinstance(value, bool), value)))

    def unit(self, position: float) -> float:
        """From 0 at the least to 1 at the largest position."""
        least, most = float(self.least), float(self.most)
        if self.is_log:
            least, most, position = math.log(least), math.log(most), math.log(position)
        return 0.5 if most == least else (position - least) / (most - least)


def scales_of(view: StudyView, params: Optional[Sequence[str]]) -> list[Scale]:
    """Of the parameters named; None: of all that vary."""
    known = {parameter.name: parameter for parameter in view.problem.space.parameters}
    if params is None:
        return [Scale(parameter) for parameter in known.values() if _varies(parameter)]
    unknown = [name for name in params if name not in known]
    if unknown:
        raise ValueError(f'"{unknown[0]}" is none of the parameters {list(known)}')
    return [Scale(known[name]) for name in params]


def with_values(view: StudyView, objective: Optional[str]) -> Objective:
    shown = Objective(view, objective)
    if not shown.trials():
        raise ValueError(f'no trial has a value of "{shown.name}"')
    return shown


def importances(objective: Objective, scales: Sequence[Scale]) -> dict[str, float]:
    """By parameter the share of the variance of the objective's ranks that it explains alone, from 0 to 1.

    The estimate is epsilon squared (Kelley, An unbiased correlation ratio measure, 1935) over groups of trials: a group
    for each choice, for about equally many trials with neighbouring values, and for those where it is not active.
    """
    trials = objective.trials()
    order = sorted(objective.number(trial) for trial in trials)
    # Equal values share their mean rank.
    first = {value: place for place, value in reversed(list(enumerate(order)))}
    last = {value: place for place, value in enumerate(order)}
    ranks = {trial.number: (first[value] + last[value]) / 2 for trial in trials for value in [objective.number(trial)]}
    return {scale.name: _epsilon_squared(_groups(trials, scale, ranks)) for scale in scales}


def _groups(trials: Sequence[Trial], scale: Scale, ranks: dict[int, float]) -> list[list[float]]:
    by_place: dict[Optional[float], list[float]] = {}
    for trial in trials:
        by_place.setdefault(scale.position(trial.params), []).append(ranks[trial.number])
    inactive = by_place.pop(None, [])
    active = [by_place[place] for place in sorted(by_place, key=lambda place: place or 0.0)]
    if not scale.choices:
        least = max(4, sum(map(len, active)) // 6)
        merged: list[list[float]] = [[]]
        for group in active:
            if len(merged[-1]) >= least:
                merged.append([])
            merged[-1].extend(group)
        # The rest is too few for a group of its own.
        if len(merged) > 1 and len(merged[-1]) < least / 2:
            merged[-2].extend(merged.pop())
        active = merged
    return [group for group in (*active, inactive) if group]


def _epsilon_squared(groups: list[list[float]]) -> float:
    everything = [rank for group in groups for rank in group]
    count, mean = len(everything), sum(everything) / len(everything)
    total = sum((rank - mean) ** 2 for rank in everything)
    if total == 0 or count <= len(groups):
        return 0.0
    within = sum((rank - sum(group) / len(group)) ** 2 for group in groups for rank in group)
    return max(0.0, 1 - (count - 1) / (count - len(groups)) * within / total)


def _varies(parameter: Parameter) -> bool:
    return parameter.type != "fixed" and parameter.cardinality() != 1
