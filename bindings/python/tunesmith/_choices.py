"""Choices of any type under labels that a Space takes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Union

Label = Union[bool, int, float, str]

_LONGEST_LABEL = 60


class Choices:
    """Values in order, each with a label: itself, where it is a bool, int, finite float or str, else its repr.

    A plain value that repeats is one choice.
    """

    def __init__(self, values: Iterable[Any]) -> None:
        self._values: dict[tuple[bool, Label], Any] = {}
        for value in values:
            label, plain = _label(value)
            if _key(label) in self._values and plain:
                continue
            stem, number = label, 1
            while _key(label) in self._values:
                number += 1
                label = f"{stem} #{number}"
            self._values[_key(label)] = value

    @property
    def labels(self) -> list[Label]:
        return [label for _, label in self._values]

    def value_of(self, label: Label) -> Any:
        return self._values[_key(label)]

    def label_of(self, value: Any) -> Label:
        """Of a value that is one of them; raises ValueError for another."""
        label, plain = _label(value)
        if plain and _key(label) in self._values:
            return label
        for (_, label), own in self._values.items():
            if own is value or (type(own) is type(value) and repr(own) == repr(value)):
                return label
        raise ValueError(f"{value!r} is none of the choices {self.labels}")


def _key(label: Label) -> tuple[bool, Label]:
    # True is 1 for a dict, and two choices for a space.
    return isinstance(label, bool), label


def _label(value: Any) -> tuple[Label, bool]:
    # numpy's numbers and strings
    item = value.item() if hasattr(value, "item") and getattr(value, "shape", None) == () else value
    if type(item) in (bool, int, str) or (type(item) is float and math.isfinite(item)):
        return item, True
    words = " ".join(repr(value).split())
    return words if len(words) <= _LONGEST_LABEL else words[: _LONGEST_LABEL - 3] + "...", False
