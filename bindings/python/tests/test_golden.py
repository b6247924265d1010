"""Python's suggestions are those on record for C++."""

import json
import math
import pathlib

import pytest
import tunesmith

GOLDEN = pathlib.Path(__file__).parents[3] / "tests" / "golden"


def finite():
    return (
        tunesmith.Space()
        .add_int("layers", 1, 3)
        .add_categorical("optimizer", ["sgd", "adam"])
        .add_float("momentum", 0, 0.9, step=0.3, when={"optimizer": "sgd"})
        .add_ordinal("width", [16, 32])
        .add_fixed("epochs", 5)
        .add_constraint("layers * width <= 64")
    )


def mixed():
    return (
        tunesmith.Space()
        .add_float("lr", 1e-5, 1e-1, scale="log")
        .add_float("momentum", 0.5, 0.999, scale="reverse_log")
        .add_float("dropout", 0, 0.5)
        .add_int("layers", 1, 8)
        .add_categorical("optimizer", ["sgd", "adam", "rms"])
        .add_categorical("schedule", ["constant", "cosine"], when={"optimizer": ["sgd", "adam"]})
        .add_int("warmup", 1, 1000, scale="log", when={"schedule": "cosine"})
        .add_constraint("layers * dropout <= 2.5")
    )


def toy_loss(space, params):
    return sum((x - 0.4) * (x - 0.4) for x in space.encode(params))


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in sorted(GOLDEN.glob("*.json"))])
def test_suggestions_are_those_on_record(path):
    strategy, space = path.stem.rsplit("_", 1)
    study = tunesmith.Study("golden", {"finite": finite, "mixed": mixed}[space](), metric="loss", seed=42, strategy=strategy)
    for recorded in json.loads(path.read_text()):
        run = study.ask()
        if run.reached is not None:
            return  # On record are new trials alone; this study goes on with one of its own.
        assert list(run.params) == list(recorded)
        for name, value in run.params.items():
            assert type(value) is type(recorded[name])
            # Another mathematical library may round differently.
            tolerance = 1e-6 if type(value) is float else 0
            assert value == recorded[name] or math.isclose(value, recorded[name], rel_tol=tolerance)
        study.tell(run, toy_loss(study.problem.space, run.params))
