"""A progress bar with the best value so far: tqdm's where it is installed, else a line on standard error."""

import sys
import time


class _Line:
    """One line that is written again, at most ten times a second; in a file only its last state."""

    def __init__(self, total):
        self._total = total
        self._done = 0
        self._words = ""
        self._written = 0.0
        self._live = sys.stderr.isatty()

    def set_postfix_str(self, words, refresh=True):
        self._words = words

    def update(self, count=1):
        self._done += count
        if self._live and time.monotonic() - self._written > 0.1:
            self._write("\r")

    def _write(self, before, after=""):
        self._written = time.monotonic()
        of = "" if self._total is None else f" of {self._total}"
        print(f"{before}{self._done}{of} trials, {self._words}", end=after, file=sys.stderr, flush=True)

    def close(self):
        self._write("\r" if self._live else "", "\n")


def bar(total):
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _Line(total)
    return tqdm(total=total, unit="trial")


class Progress:
    """Fed with every ended trial of a study."""

    def __init__(self, total, direction):
        self._bar = bar(total)
        self._sign = -1 if direction == "maximize" else 1
        self._best = None

    def ended(self, number, state, value):
        if state == "completed" and value is not None:
            if self._best is None or self._sign * value < self._sign * self._best[0]:
                self._best = (value, number)
        if self._best is not None:
            self._bar.set_postfix_str(f"best {self._best[0]:.6g} (trial {self._best[1]})", refresh=False)
        self._bar.update()

    def close(self):
        self._bar.close()
