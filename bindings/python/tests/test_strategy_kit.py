"""The kits pass good strategies and stopping rules in Python, and catch broken ones."""

import math
import random

import pytest
import tunesmith
from kit_results import broken_checks
from tunesmith.testing import check_stopping_rule, check_strategy

QUICK = {"trials": 12, "longest_history": 100}


class Fallback(tunesmith.SearchStrategy):
    """A point of its own where the log leaves one, else what a uniform draw finds."""

    def __init__(self):
        super().__init__()
        self.uniform = tunesmith.random_search()

    def point(self, view):
        space = view.problem.space
        return space.decode([(0.37 + 0.618 * (len(view) + i)) % 1 for i in range(space.dimension)])

    def suggest(self, view, count):
        params = self.point(view)
        if view.problem.space.satisfies(params) and params not in [trial.params for trial in view.trials]:
            return [tunesmith.Suggestion(params)]
        return self.uniform.suggest(view, 1)


class Repeats(Fallback):
    def suggest(self, view, count):
        space = view.problem.space
        return [tunesmith.Suggestion(space.decode([0.5] * space.dimension))]


class Forgetful(Fallback):
    """Draws from a generator of the process."""

    rng = random.Random(1)

    def point(self, view):
        return view.problem.space.decode([self.rng.random() for _ in range(view.problem.space.dimension)])


class Counts(Fallback):
    """Goes by its own calls rather than by the log."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def point(self, view):
        self.calls += 1
        space = view.problem.space
        return space.decode([(0.37 + 0.618 * (self.calls + i)) % 1 for i in range(space.dimension)])


class Crowds(Fallback):
    """More than were asked for."""

    def suggest(self, view, count):
        return self.uniform.suggest(view, count + 1)


class Chokes(Fallback):
    """Computes with values that are not there."""

    def point(self, view):
        for trial in view.trials:
            if trial.state == "failed":
                raise KeyError("a failed trial")
        return super().point(view)


def test_good_strategies_pass():
    for make in (tunesmith.random_search, tunesmith.grid_search, Fallback):
        result = check_strategy(make, **QUICK)
        assert result.holds, result.report()


@pytest.mark.parametrize("strategy", [Repeats, Forgetful, Counts, Crowds, Chokes])
def test_broken_strategies_are_caught(strategy):
    assert broken_checks(check_strategy(strategy, **QUICK))


# Stopping rules


class Cap(tunesmith.StoppingRule):
    """Stops a trial at the first value above a half."""

    def __init__(self):
        super().__init__()
        self.trials = set()

    def on_events(self, view, news):
        metric = next(iter(view.problem.objectives))
        actions = []
        for event in (stored.event for stored in news):
            if event.kind in ("suggested", "restarted"):
                self.trials.add(event.trial)
            elif event.kind == "finished":
                self.trials.discard(event.trial)
            elif event.kind == "reported" and event.metric == metric and event.value > 0.5:
                if event.trial in self.trials:
                    self.trials.discard(event.trial)
                    actions.append(tunesmith.Action("stop_trial", trial=event.trial, reason="above a half"))
        return actions


class Mumbles(Cap):
    def on_events(self, view, news):
        return [
            tunesmith.Action(action.kind, trial=action.trial, reason="") for action in super().on_events(view, news)
        ]


class LastOnly(Cap):
    """Looks at the last event of a stretch, so that it matters how the log is cut."""

    def on_events(self, view, news):
        return super().on_events(view, news[-1:])


class Invents(Cap):
    def on_events(self, view, news):
        return [tunesmith.Action("stop_trial", trial=len(view) + 5, reason="a trial to come")]


class Dies(Cap):
    def on_events(self, view, news):
        for stored in news:
            assert math.isfinite(stored.event.value), "what is that"
        return super().on_events(view, news)


class RollsDice(Cap):
    rng = random.Random(1)

    def on_events(self, view, news):
        return [action for action in super().on_events(view, news) if self.rng.random() < 0.5]


def test_good_rules_pass():
    for make in (tunesmith.median_rule, Cap):
        result = check_stopping_rule(make)
        assert result.holds, result.report()


@pytest.mark.parametrize("rule", [Mumbles, LastOnly, Invents, Dies, RollsDice])
def test_broken_rules_are_caught(rule):
    assert broken_checks(check_stopping_rule(rule))
