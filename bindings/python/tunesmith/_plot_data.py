"""What the plots show of a study, without matplotlib."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Optional, Union

from . import Parameter, Study, StudyView, Trial

_LOG_FROM = 100.0


def view_of(study: Union[Study, StudyView]) -> StudyView:
    return study.view() if isinstance(study, Study) else study


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


def _varies(parameter: Parameter) -> bool:
    return parameter.type != "fixed" and parameter.cardinality() != 1
