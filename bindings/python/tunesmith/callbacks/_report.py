"""How a callback tells its trial."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Union

Metrics = Union[str, Mapping[str, str]]


class Report:
    """Reports a library's metrics to a reporter, or to a DynamicTrial."""

    def __init__(self, reporter: Any, metrics: Metrics) -> None:
        if not hasattr(reporter, "report"):
            raise TypeError(f"a callback needs the reporter of an objective, or its trial, not {reporter!r}")
        self._reporter = reporter
        self._metrics = metrics
        self.stopped = False

    def tell(self, level: float, found: Mapping[str, Any]) -> bool:
        """Whether the training is to end. Nothing is reported where the library has no metric yet.

        found -- by the library's names, each a number
        """
        told: Any
        if isinstance(self._metrics, str):
            if self._metrics not in found:
                return self.stopped
            told = float(found[self._metrics])
        else:
            told = {ours: float(found[theirs]) for ours, theirs in self._metrics.items() if theirs in found}
            if not told:
                return self.stopped
        if hasattr(self._reporter, "should_stop"):
            self._reporter.report(told, level)
            self.stopped = self.stopped or bool(self._reporter.should_stop())
        else:
            self.stopped = self._reporter.report(level, told) != "keep_going" or self.stopped
        return self.stopped

    def missing(self, found: Mapping[str, Any]) -> str:
        """Words for a metric that the library will never have."""
        wanted = [self._metrics] if isinstance(self._metrics, str) else list(self._metrics.values())
        unknown = [name for name in wanted if name not in found]
        return f"there is no metric {unknown[0]!r}; there are {sorted(found)}" if unknown else ""
