import json

import pytest
import tunesmith


def full_space():
    return (
        tunesmith.Space()
        .add_float("lr", 1e-5, 1e-1, scale="log")
        .add_float("dropout", 0, 0.5, step=0.1)
        .add_int("layers", 1, 8)
        .add_categorical("optimizer", ["sgd", "adam"])
        .add_float("momentum", 0.5, 0.999, scale="reverse_log", when={"optimizer": "sgd"})
        .add_ordinal("size", ["small", "large"], when={"optimizer": ["sgd", "adam"]})
        .add_fixed("epochs", 10)
        .add_constraint("layers * dropout <= 3")
    )


def test_adding_returns_the_same_object():
    space = tunesmith.Space()
    assert space.add_int("n", 1, 2) is space


def test_json_round_trip():
    space = full_space()
    assert space.validate() == []
    assert tunesmith.Space.from_json(space.to_json()) == space
    assert space != tunesmith.Space()
    assert json.loads(space.to_json())["parameters"]["momentum"]["scale"] == "reverse_log"


def test_every_mistake_is_listed_with_its_path():
    space = tunesmith.Space().add_float("a", 0, 1, scale="log").add_int("b", 2, 1).add_constraint("a <")
    mistakes = space.validate()
    assert [mistake.path for mistake in mistakes] == ["/parameters/a/min", "/parameters/b/max", "/constraints/0"]
    assert all(mistake.what for mistake in mistakes)
    assert mistakes[0].path in str(mistakes[0]) and mistakes[0].path in repr(mistakes[0])


def test_from_json_raises_with_every_mistake():
    text = '{"parameters": {"a": {"type": "float", "min": "x", "max": 1}, "b": {"type": "it"}}}'
    with pytest.raises(tunesmith.Error) as raised:
        tunesmith.Space.from_json(text)
    assert raised.value.code == "invalid_space"
    assert [mistake.path for mistake in raised.value.mistakes] == ["/parameters/a/min", "/parameters/b/type"]


def test_an_unknown_scale_names_the_known_ones():
    with pytest.raises(tunesmith.Error) as raised:
        tunesmith.Space().add_float("lr", 0, 1, scale="logarithmic")
    assert raised.value.mistakes[0].path == "/parameters/lr/scale"
    assert "reverse_log" in raised.value.mistakes[0].allowed


def test_values_keep_their_types():
    space = tunesmith.Space().add_categorical("c", [True, 1, 1.5, "1"])
    assert space.validate() == []
    study = tunesmith.Study("s", space, metric="loss", strategy="grid")
    values = [study.ask().params["c"] for _ in range(4)]
    assert values == [True, 1, 1.5, "1"]
    assert [type(value) for value in values] == [bool, int, float, str]


def test_objects_that_are_no_values_are_refused():
    with pytest.raises(TypeError, match="float, int, bool or str"):
        tunesmith.Space().add_categorical("c", [None])
    with pytest.raises(TypeError):
        tunesmith.Space().add_int("n", 1.5, 3)


def test_numpy_scalars_count_as_plain_values():
    class Scalar:
        def __init__(self, value):
            self.value = value

        def item(self):
            return self.value

    space = tunesmith.Space().add_categorical("c", [Scalar(3), Scalar(True), Scalar(0.5)])
    assert json.loads(space.to_json())["parameters"]["c"]["values"] == [3, True, 0.5]


def test_priors_come_back():
    space = (
        tunesmith.Space()
        .add_float("lr", 1e-5, 1e-1, prior={"near": 1e-3, "spread": 0.1})
        .add_int("n", 1, 9, prior={"near": 3})
        .add_categorical("c", ["a", "b"], prior={"weights": [3, 1]})
        .add_ordinal("o", ["s", "l"], prior={"weights": [0, 1]})
        .add_float("x", 0, 1)
    )
    assert [parameter.prior for parameter in space.parameters] == [
        {"near": 1e-3, "spread": 0.1},
        {"near": 3.0, "spread": 0.15},
        {"weights": [3.0, 1.0]},
        {"weights": [0.0, 1.0]},
        None,
    ]
    assert tunesmith.Space.from_json(space.to_json()) == space
    study = tunesmith.Study("s", space, metric="loss")
    first = study.ask().params
    assert first["lr"] == pytest.approx(1e-3) and (first["n"], first["c"], first["o"]) == (3, "a", "l")


def test_wrong_priors():
    space = tunesmith.Space().add_float("x", 0, 1, prior={"near": 2}).add_categorical("c", ["a"], prior={"weights": []})
    assert [m.path for m in space.validate()] == ["/parameters/x/prior/near", "/parameters/c/prior/weights"]
    with pytest.raises(TypeError, match="mean"):
        tunesmith.Space().add_float("x", 0, 1, prior={"mean": 0.5})


def test_check_takes_a_dict():
    space = full_space()
    good = {"lr": 0.01, "dropout": 0.1, "layers": 2, "optimizer": "adam", "size": "small", "epochs": 10}
    assert space.check(good) == []
    assert [m.path for m in space.check({**good, "layers": 99})] == ["/layers"]
    assert [m.path for m in space.check({**good, "momentum": 0.9})] == ["/momentum"]
