"""A trial of a DynamicStudy: while it runs, and as it is recorded."""

import json

from . import _growth, _learned_space, _log
from ._vocabulary import label_of

_ABSENT = object()


class TrialStopped(Exception):
    """Raised by an objective that ends early because trial.should_stop() said so. What it reported counts.

    >>> import tunesmith
    >>> def objective(trial):
    ...     trial.report(trial.suggest_float("x", 0, 1), 1)
    ...     raise tunesmith.TrialStopped
    >>> study = tunesmith.create_study(strategy="random")
    >>> study.optimize(objective, n_trials=1)
    >>> study.trials[0].state
    'stopped'
    """


TrialStopped.__module__ = "tunesmith"


class DynamicTrial:
    """A running trial of a DynamicStudy, which asks for its parameters as it needs them. Made by the study; for one thread.

    number, attempt -- which trial this is of the study; 2 and more: it was interrupted, or goes on after a pause
    params -- what it has asked for so far
    user_attrs -- what set_user_attr was given

    >>> import tunesmith
    >>> study = tunesmith.create_study(strategy="random", seed=1)
    >>> trial = study.ask()
    >>> depth = trial.suggest_int("depth", 1, 9)
    >>> trial.params == {"depth": depth}
    True
    """

    __slots__ = (
        "_study", "_core", "_run", "_given", "_fixed", "_requests", "_objects", "_new", "_deviates", "_decision",
        "_times", "number", "params", "user_attrs",
    )  # fmt: skip

    def __init__(self, study, core, run, fixed):
        self._study = study
        self._core = core
        self._run = run
        self.number = run.number
        self._given = run.params
        self._fixed = fixed
        # What is known to mean exactly the form: the short way. Not for a trial that somebody put in line.
        self._requests = study._words.requests if fixed is None else {}
        self._objects = study._words.objects
        self._new = None
        self._deviates = False
        self._decision = "keep_going"
        self._times = None
        self.params = {}
        self.user_attrs = {}

    @property
    def attempt(self):
        return self._run.attempt

    def suggest_float(self, name, low, high, *, step=None, log=False, scale=None):
        """A float of low to high, both included.

        step -- distance of the allowed values; None: every float
        log -- scale="log" in Optuna's words
        scale -- "linear" (the default), "log", "reverse_log" (resolves values close to 1), "auto"

        Raises Error for an impossible range, ValueError where the name stands for another type already.

        >>> import tunesmith
        >>> trial = tunesmith.create_study(strategy="random").ask()
        >>> 0.5 <= trial.suggest_float("momentum", 0.5, 0.999, scale="reverse_log") <= 0.999
        True
        """
        request = ("float", low, high, step, log, scale)
        try:
            if self._requests[name] == request:
                self.params[name] = value = self._given[name]
                return value
        except KeyError:
            pass
        return self._settle(name, request)

    def suggest_int(self, name, low, high, *, step=1, log=False, scale=None):
        """An integer of low to high, both included; the arguments are suggest_float's.

        >>> import tunesmith
        >>> tunesmith.create_study(strategy="random").ask().suggest_int("layers", 2, 2)
        2
        """
        request = ("int", low, high, step, log, scale)
        try:
            if self._requests[name] == request:
                self.params[name] = value = self._given[name]
                return value
        except KeyError:
            pass
        return self._settle(name, request)

    def suggest_categorical(self, name, choices):
        """One of the choices. What is no text, number or bool (None, a tuple, a class) is known to the study by its text.

        >>> import tunesmith
        >>> tunesmith.create_study(strategy="random").ask().suggest_categorical("bias", [None])
        """
        request = ("categorical", choices if type(choices) is tuple else tuple(choices))
        try:
            if self._requests[name] == request:
                value = self._given[name]
                self.params[name] = value = self._objects.get((name, value), value)
                return value
        except KeyError:
            pass
        return self._settle(name, request)

    def _settle(self, name, request):
        """A parameter that the study did not know, or not so, when it chose this trial's."""
        if name in self.params:
            return self.params[name]
        study = self._study
        known, form = study._words.form(name, request)
        value = _ABSENT
        if self._fixed and name in self._fixed:
            value = label_of(self._fixed[name])
            if _learned_space.space_of({name: form}).check({name: value}):
                _log.info("trial %d: %r is no value of %s; another one is drawn", self.number, value, name)
                value = _ABSENT
        if value is _ABSENT and known is not None and name in self._given:
            given = self._given[name]
            if known == form:
                value = given
            elif form["type"] != "categorical":
                value = _learned_space.same_place(name, given, known, form)
            elif given in form["values"]:
                value = given
        if value is _ABSENT:
            value = _learned_space.draw(name, form, study.seed, self.number)
        if known is None:
            self._new = {**(self._new or {}), name: form}
        elif known == form:
            study._words.requests[name] = request
        if self._given.get(name, _ABSENT) != value:
            self._deviates = True
        value = self._objects.get((name, value), value)
        self.params[name] = value
        return value

    def report(self, value, step):
        """Records the objective's value at a step, e.g. an epoch; what stopping rules and rung strategies judge by.

        value -- a number, or a dict of metrics that holds "value"

        >>> import tunesmith
        >>> study = tunesmith.create_study(strategy="random")
        >>> trial = study.ask()
        >>> trial.report(0.7, step=1)
        >>> trial.should_stop()
        False
        """
        metrics = dict(value) if isinstance(value, dict) else {self._study._metrics[0]: float(value)}
        self._decision = self._study._report(self, float(step), metrics)

    def should_stop(self):
        """Whether the trial is to end now: raise TrialStopped, or return what it reached.

        >>> import tunesmith
        >>> tunesmith.create_study(strategy="random").ask().should_stop()
        False
        """
        return self._decision != "keep_going" or self._study._interrupted

    def set_user_attr(self, key, value):
        """Keeps something with the trial, whatever JSON can hold.

        >>> import tunesmith
        >>> study = tunesmith.create_study(strategy="random")
        >>> trial = study.ask()
        >>> trial.set_user_attr("checkpoint", "7.pt")
        >>> study.tell(trial, 0.5).user_attrs
        {'checkpoint': '7.pt'}
        """
        json.dumps(value)
        self.user_attrs[key] = value

    def __repr__(self):
        return f"<tunesmith.DynamicTrial {self.number} {self.params}>"

    def _move(self, core, run):
        """To the study that took over."""
        self._core = core
        self._run = run
        self._given = run.params
        self._deviates = True

    def _extra(self):
        """What the core's log does not say by itself, for Trial.handle; empty where there is nothing."""
        extra = {}
        if self._deviates or len(self.params) != len(self._given):
            extra["params"] = {name: label_of(value) for name, value in self.params.items()}
        if self._new:
            extra["parameters"] = self._new
        if self.user_attrs:
            extra["user_attrs"] = self.user_attrs
        if self._times:
            extra["times"] = self._times
        return extra


class TrialRecord:
    """A trial of a DynamicStudy as it is known; it does not change.

    number, params, user_attrs
    state -- "running", "preempted", "completed", "stopped", "failed", "infeasible", "lost" or "paused"
    value -- the (first) objective, or None; values -- all objectives, or None
    metrics -- everything that was measured last; reports -- a list of (step, value)
    reason -- why it ended as it did; after an exception with its traceback
    started, ended -- seconds since 1970 UTC, or None; duration -- seconds between them, or None

    >>> import tunesmith
    >>> study = tunesmith.create_study(strategy="random")
    >>> study.optimize(lambda trial: trial.suggest_int("n", 3, 3) ** 2, n_trials=1)
    >>> study.trials[0].params, study.trials[0].value
    ({'n': 3}, 9.0)
    """

    __slots__ = (
        "number", "params", "user_attrs", "state", "value", "values", "metrics", "reports", "reason", "started", "ended",
    )  # fmt: skip

    def __init__(self, trial, metrics, objects):
        extra = _growth.extra_of(trial)
        params = extra.get("params")
        if params is None:
            params = trial.params
        self.number = trial.number
        self.params = {name: objects.get((name, value), value) for name, value in params.items()} if objects else params
        self.user_attrs = extra.get("user_attrs", {})
        self.state = trial.state
        self.metrics = trial.metrics
        self.value = trial.value
        values = [self.metrics.get(name) for name in metrics]
        self.values = None if None in values else values
        self.reports = [
            (step, reported[metrics[0]]) for step, reported in trial.reports if metrics[0] in reported
        ]
        self.reason = trial.reason
        self.started, self.ended = extra.get("times") or (trial.started, trial.ended)

    @property
    def duration(self):
        return None if self.ended is None or self.started is None else self.ended - self.started

    def __repr__(self):
        return f"<tunesmith.TrialRecord {self.number} {self.state} value={self.value} {self.params}>"


for _class in (DynamicTrial, TrialRecord):
    _class.__module__ = "tunesmith"
