"""Generates job files with seeded mistakes, and knows the exact paths that a check has to name."""

import copy
import itertools
import json
import random
import re

# One value of each JSON type, none of which a field takes by accident.
JUNK = {
    "null": None,
    "boolean": True,
    "fraction": 3.25,
    "negative": -7,
    "huge": 10**30,
    "string": "qqq!",
    "array": [[]],
    "object": {"qqq": 1},
}
KIND_OF_TYPE = {
    "null": {"null"},
    "boolean": {"boolean"},
    "integer": {"negative", "huge"},
    "number": {"fraction", "negative", "huge"},
    "string": {"string"},
    "array": {"array"},
    "object": {"object"},
}


class Raw:
    """JSON text that json.dumps would not write."""

    def __init__(self, text):
        self.text = text


def escape(key):
    return key.replace("~", "~0").replace("/", "~1")


def steps_of(pointer):
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def look_up(document, pointer):
    for step in steps_of(pointer):
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document


def pointers(document, prefix=""):
    """Every place of a document but the root, parents first."""
    if isinstance(document, dict):
        items = [(escape(key), value) for key, value in document.items()]
    elif isinstance(document, list):
        items = [(str(index), value) for index, value in enumerate(document)]
    else:
        return
    for step, value in items:
        yield prefix + "/" + step
        yield from pointers(value, prefix + "/" + step)


def put(document, pointer, value):
    parent, step = pointer.rsplit("/", 1)
    target = look_up(document, parent)
    if isinstance(target, list):
        target[int(step)] = value
    else:
        target[steps_of("/" + step)[0]] = value


def take_out(document, pointer):
    parent, step = pointer.rsplit("/", 1)
    target = look_up(document, parent)
    del target[int(step) if isinstance(target, list) else steps_of("/" + step)[0]]


def dump(document):
    """JSON text; Raw values as they are, keys that begin with "DOUBLE " as second ones of their name."""
    raws = []

    def stand_in(value):
        raws.append(value.text)
        return f"@@raw {len(raws) - 1}@@"

    text = json.dumps(document, default=stand_in, indent=1)
    text = re.sub(r'"@@raw (\d+)@@"', lambda match: raws[int(match.group(1))], text)
    return text.replace('"DOUBLE ', '"')


def touches(a, b):
    return (a + "/").startswith(b + "/") or (b + "/").startswith(a + "/")


class Mistake:
    """A change of a document that makes `paths`, and only these, wrong."""

    def __init__(self, name, change, paths, place):
        self.name = name
        self.change = change
        self.paths = frozenset(paths)
        self.place = place  # what is changed: mistakes below one another do not go together

    def goes_with(self, other):
        return not (touches(self.place, other.place) or self.hangs_on(other) or other.hangs_on(self))

    def hangs_on(self, other):
        """A value can be judged only where what it has to fit is right."""
        found = re.match(r"/parameters/[^/]+/when/([^/]+)|/baseline/([^/]+)", self.place)
        needed = ["/parameters/" + name for name in (found.groups() if found else ()) if name]
        if self.place.startswith("/baseline/"):
            needed.append("/parameters/optimizer")  # on which another parameter hangs
        if self.place.startswith("/constraints/") and re.fullmatch(r"/parameters(/[^/]+(/type)?)?", other.place):
            return True
        if re.match(r"/parameters/[^/]+/(min|max|step|values|value|scale|when|qqqqqq)", self.place):
            parameter = "/".join(self.place.split("/")[:3])
            needed += [parameter + "/type", parameter + "/scale"]
        if re.match(r"/(objectives?|outcome_constraints)/.*metric", self.place):
            needed.append("/metrics")
        return any(touches(other.place, place) for place in needed)


def setting(pointer, value, paths=None, name=None):
    return Mistake(
        name or f"{pointer} = {json.dumps(value, default=lambda raw: raw.text)[:60]}",
        lambda document: put(document, pointer, copy.deepcopy(value)),
        paths or [pointer],
        pointer,
    )


def removing(pointer, paths=None):
    return Mistake(f"{pointer} left out", lambda document: take_out(document, pointer), paths or [pointer], pointer)


def wrong_types(document, also_right):
    """Each place with each value of a type that it does not take. `also_right(pointer)` gives more types it takes."""
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    for pointer in pointers(document):
        right = {kinds[type(look_up(document, pointer))], *also_right(pointer)}
        accepted = set().union(*(KIND_OF_TYPE[kind] for kind in right))
        if "integer" in right or "number" in right:
            accepted -= set() if "number" in right else {"fraction"}
        for kind, value in JUNK.items():
            if kind not in accepted:
                yield setting(pointer, value)


def unknown_keys(document):
    objects = [""] + [p for p in pointers(document) if isinstance(look_up(document, p), dict)]
    for place in objects:
        # A parameter of whatever name is one; this one does not say what it is.
        paths = ["/parameters/qqqqqq/type"] if place == "/parameters" else None
        yield setting(place + "/qqqqqq", {}, paths, name=f"{place}/qqqqqq is unknown")


def doubled_keys(document):
    objects = [""] + [p for p in pointers(document) if isinstance(look_up(document, p), dict)]
    for place in objects:
        for key, value in look_up(document, place).items():
            path = f"{place}/{escape(key)}"
            yield Mistake(
                f"{path} is there twice",
                lambda document, place=place, key=key, value=value: put(document, f"{place}/{escape('DOUBLE ' + key)}", value),
                [path],
                path,
            )
            break


def combined(mistakes, count, seed):
    """Several mistakes at once that do not touch each other."""
    rng = random.Random(seed)
    for _ in range(count):
        chosen, size = [], rng.randint(2, 5)
        for candidate in rng.sample(mistakes, min(len(mistakes), 40)):
            if all(candidate.goes_with(other) for other in chosen):
                chosen.append(candidate)
            if len(chosen) == size:
                break
        yield chosen


def broken(document, mistakes):
    document = copy.deepcopy(document)
    # Deeper places of arrays first, and what is taken out last, so that indices keep their meaning.
    for mistake in sorted(mistakes, key=lambda mistake: mistake.place, reverse=True):
        mistake.change(document)
    return dump(document), set(itertools.chain.from_iterable(mistake.paths for mistake in mistakes))
