"""scikit-learn's param_distributions as a Space."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, Union

from . import Space
from ._choices import Choices

# Which of a list of dicts a candidate comes from.
_WHICH = "param_distributions"


class Distributions:
    """Knows the space, and what its params mean to an estimator.

    A list is a choice, an ordered one where it holds distinct numbers; of scipy's distributions uniform, loguniform
    and randint are ranges, and any other with a ppf is searched by its quantile, from 0 to 1. A list of dicts is a
    choice among them. A Space stands for itself.
    """

    def __init__(self, given: Union[Space, Mapping[str, Any], Sequence[Mapping[str, Any]]]) -> None:
        self._decoders: dict[str, Callable[[Any], Any]] = {}
        if isinstance(given, Space):
            self.space = given
            return
        self.space = Space()
        several = list(given) if isinstance(given, (list, tuple)) else [given]
        if len(several) > 1:
            self.space.add_categorical(_WHICH, list(range(len(several))))
        for number, distributions in enumerate(several):
            if not isinstance(distributions, Mapping):
                raise TypeError(f"param_distributions must be a dict, a list of dicts or a Space, not {given!r}")
            for name, distribution in distributions.items():
                if len(several) > 1:
                    self._add(f"{number}/{name}", distribution, {_WHICH: number})
                else:
                    self._add(name, distribution, None)

    def decode(self, params: dict[str, Any]) -> dict[str, Any]:
        """For an estimator's set_params."""
        values = {
            name: self._decoders[name](value) if name in self._decoders else value for name, value in params.items()
        }
        if _WHICH not in values:
            return values
        del values[_WHICH]
        return {name.split("/", 1)[1]: value for name, value in values.items()}

    def _add(self, name: str, distribution: Any, when: Optional[dict[str, Any]]) -> None:
        if hasattr(distribution, "ppf") and hasattr(distribution, "support"):
            self._add_scipy(name, distribution, when)
        elif hasattr(distribution, "__len__") and not isinstance(distribution, (str, bytes)):
            self._add_choices(name, distribution, when)
        elif hasattr(distribution, "rvs"):
            raise TypeError(
                f'param_distributions["{name}"] can only be drawn from (rvs); tunesmith searches lists, distributions '
                "of scipy.stats, which have a ppf, and a tunesmith.Space"
            )
        else:
            raise TypeError(f'param_distributions["{name}"] must be a list or a distribution, not {distribution!r}')

    def _add_choices(self, name: str, values: Any, when: Optional[dict[str, Any]]) -> None:
        choices = Choices(values)
        if not choices.labels:
            raise ValueError(f'param_distributions["{name}"] is empty')
        numbers = [label for label in choices.labels if isinstance(label, (int, float)) and not isinstance(label, bool)]
        if len(numbers) == len(choices.labels) and len(numbers) > 2:
            self.space.add_ordinal(name, sorted(numbers), when=when)
        elif len(choices.labels) == 1:
            self.space.add_fixed(name, choices.labels[0], when=when)
        else:
            self.space.add_categorical(name, choices.labels, when=when)
        self._decoders[name] = choices.value_of

    def _add_scipy(self, name: str, distribution: Any, when: Optional[dict[str, Any]]) -> None:
        kind = getattr(getattr(distribution, "dist", None), "name", "")
        least, most = distribution.support()
        if kind == "randint":
            self.space.add_int(name, int(least), int(most), scale="linear", when=when)
        elif kind == "uniform":
            self.space.add_float(name, float(least), float(most), scale="linear", when=when)
        elif kind in ("loguniform", "reciprocal"):
            self.space.add_float(name, float(least), float(most), scale="log", when=when)
        else:
            # Quantiles at the ends may be infinite.
            inner = 1e-6
            low = 0.0 if math.isfinite(least) else inner
            high = 1.0 if math.isfinite(most) else 1 - inner
            self.space.add_float(name, low, high, scale="linear", when=when)
            self._decoders[name] = lambda quantile: distribution.ppf(quantile).item()
