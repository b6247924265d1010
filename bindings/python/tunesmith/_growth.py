"""How a study with a larger space takes over from another: what the log says, and telling it again."""

import json

from . import _learned_space
from ._tunesmith import Study, TrialResult

_FINAL = ("completed", "stopped", "failed", "infeasible", "lost")


def extra_of(trial):
    """What a DynamicStudy keeps with a trial beside what the core's log says."""
    return json.loads(trial.handle) if trial.handle else {}


def larger_space(trials, forms):
    """The space that the log tells of, and what each trial asked for, by number."""
    forms, traces = dict(forms), []
    for trial in trials:
        extra = extra_of(trial)
        for name, form in extra.get("parameters", {}).items():
            forms.setdefault(name, form)
        params = extra.get("params")
        traces.append(_learned_space.Trace(trial.params if params is None else params, trial.state))
    return _learned_space.space_of(_learned_space.with_conditions(forms, traces)), traces


def forms_of(space):
    """The parameters in their JSON form, without their conditions."""
    forms = json.loads(space.to_json())["parameters"]
    for form in forms.values():
        form.pop("when", None)
    return forms


def complete(space, values, seed, number):
    """A configuration that has the values as far as the space does; the others are random."""
    key = (seed * 1000003 + number + 1) % 2**64
    drawn = Study("draw", space, metric="value", strategy="random", seed=key).ask().params
    unit = space.encode(drawn)
    for place, (name, form) in enumerate(forms_of(space).items()):
        one = _learned_space.space_of({name: form})
        if name in values and not one.check({name: values[name]}):
            unit[place] = one.encode({name: values[name]})[0]
    return space.decode(unit)


def _configuration(space, forms, trial, trace, seed):
    """What the trial had in the terms of the space; a value of another range by its place in the range."""
    values = {}
    for name, value in trace.params.items():
        if name not in forms:
            continue
        if not _learned_space.space_of({name: forms[name]}).check({name: value}):
            values[name] = value
        elif name in trial.params:
            values[name] = trial.params[name]
    return values if not space.check(values) else complete(space, values, seed, trial.number)


def retell(core, trials, traces, live):
    """Tells an empty study all that another one knows. Trials that run go on in it; returns the TrialRuns, by number."""
    space = core.problem.space
    forms, seed = forms_of(space), core.problem.seed
    runs = []
    for trial, trace in zip(trials, traces):
        core.enqueue(_configuration(space, forms, trial, trace, seed), trial.note)
        # A stopping rule may end the study as soon as it hears reports: first all trials are there.
        runs.append(core.ask())
    preempted = []
    for run, trial, trace in zip(runs, trials, traces):
        for step, metrics in trial.reports:
            core.report(run, step, metrics)
        if trial.number in live:
            live[trial.number]._move(core, run)
        elif trial.state != "running":
            extra = extra_of(trial)
            extra.pop("parameters", None)
            extra.pop("params", None)
            if trace.params != run.params:
                extra["params"] = trace.params
            extra.setdefault("times", [trial.started, trial.ended])
            core.started(run, json.dumps(extra))
            if trial.state == "preempted":
                preempted.append(run)
            else:
                outcome = trial.state if trial.state in _FINAL else "stopped"
                core.tell(run, TrialResult(outcome, trial.reason, trial.metrics or None))
    # These come before whatever is enqueued, and so after it.
    for run in preempted:
        core.tell(run, TrialResult("preempted", "the space has grown"))
    return runs
