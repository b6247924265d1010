"""The space of a DynamicStudy, as a function of its log: what its trials asked for, and when they did."""

import json

from ._tunesmith import Space, Study

# A parent of more values than this explains nothing: each value would have to be seen.
_MAX_PARENT_VALUES = 32


def parameter(name, kind, **options):
    """The JSON form of one parameter, which says everything of it."""
    space = Space()
    if kind == "float":
        space.add_float(name, options["low"], options["high"], scale=options["scale"], step=options["step"])
    elif kind == "int":
        space.add_int(name, options["low"], options["high"], scale=options["scale"], step=options["step"])
    else:
        space.add_categorical(name, options["choices"])
    # A study settles the "auto" scale, and tells every mistake.
    settled = Study("parameter", space, metric="value", strategy="random").problem.space
    return json.loads(settled.to_json())["parameters"][name]


def space_of(parameters):
    return Space.from_json(json.dumps({"parameters": parameters}))


def draw(name, form, seed, number):
    """A random value of one parameter, which follows from the study's seed, the trial and the name."""
    key = seed
    for byte in f"{number}/{name}".encode():
        key = (key ^ byte) * 0x100000001B3 % 2**64
    return Study("draw", space_of({name: form}), metric="value", strategy="random", seed=key).ask().params[name]


def same_place(name, value, form, wanted):
    """The value of range `wanted` that lies where `value` does in range `form`."""
    return space_of({name: wanted}).decode(space_of({name: form}).encode({name: value}))[name]


class Trace:
    """What one trial asked for: names with values.

    state -- a trial that runs has not told what it asks for, and one that failed not what it would have left out
    """

    def __init__(self, params, state):
        self.params = params
        self.ended = state not in ("running", "paused")
        self.whole = state in ("completed", "stopped")


def with_conditions(parameters, traces):
    """The parameters, each one that some trials did not ask for with the conditions that explain it, where some do: earlier
    parameters by whose values the trials that asked differ from all those that did not."""
    names = list(parameters)
    free = {name: {key: value for key, value in parameters[name].items() if key != "when"} for name in names}
    plain = space_of(free).parameters
    result = {}
    for place, name in enumerate(names):
        result[name] = form = free[name]
        without = [trace.params for trace in traces if trace.whole and name not in trace.params]
        if without:
            having = [trace.params for trace in traces if trace.ended and name in trace.params]
            when = _conditions(plain[:place], having, without)
            if when:
                form["when"] = when
    return result


def _conditions(parents, having, without):
    """Parents with the values that ask, one after the other the one that excludes most; none where some stay unexplained."""
    excluded = {}
    for parent in parents:
        count = parent.cardinality()
        if count is None or not 1 < count <= _MAX_PARENT_VALUES or any(parent.name not in params for params in having):
            continue
        asked = {params[parent.name] for params in having}
        # What has not been seen yet is taken to ask: then it will be tried.
        silent = {params[parent.name] for params in without if parent.name in params} - asked
        if silent:
            excluded[parent.name] = silent
    conditions = {}
    while without:
        # Where the parent itself was not asked for, what hangs on it was not either.
        counts = {
            name: sum(name not in params or params[name] in silent for params in without)
            for name, silent in excluded.items()
        }
        # Of equals the latest: loops and branches mostly follow what they depend on.
        best = max(reversed(list(counts)), key=counts.get, default=None)
        if best is None or counts[best] == 0:
            return {}
        silent = excluded.pop(best)
        without = [params for params in without if best in params and params[best] not in silent]
        parent = next(parent for parent in parents if parent.name == best)
        values = (parent.value_at(index) for index in range(parent.cardinality()))
        conditions[best] = [value for value in values if value not in silent]
    return conditions
