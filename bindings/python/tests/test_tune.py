import pytest
import tunesmith

SPACE = tunesmith.Space().add_float("x", -3, 3)


def test_tune_minimises():
    study = tunesmith.tune(lambda p: (p["x"] - 1) ** 2, SPACE, 40, strategy="random")
    assert len(study.trials) == 40
    assert abs(study.best.params["x"] - 1) < 0.5


def test_the_default_strategy_beats_chance():
    study = tunesmith.tune(lambda p: (p["x"] - 1) ** 2, SPACE, 20)
    assert study.best.value < 1e-3


def test_an_exception_is_a_failed_trial():
    def picky(params):
        if params["x"] > 1:
            raise ValueError("too large")
        return params["x"]

    study = tunesmith.tune(picky, SPACE, 20, strategy="random", seed=1)
    assert len(study.trials) == 20
    failed = [trial for trial in study.trials if trial.state == "failed"]
    assert failed and all(trial.reason.startswith("ValueError: too large\nTraceback") for trial in failed)
    assert all("in picky" in trial.reason for trial in failed)


def test_a_function_that_always_raises_is_given_up():
    calls = []

    def broken(params):
        calls.append(params)
        raise NameError("typo")

    with pytest.raises(NameError, match="typo"):
        tunesmith.tune(broken, SPACE, 20, strategy="random")
    assert len(calls) == 3


def test_a_small_space_ends_early():
    study = tunesmith.tune(lambda p: p["n"], tunesmith.Space().add_int("n", 1, 5), 20, strategy="random")
    assert sorted(trial.params["n"] for trial in study.trials) == [1, 2, 3, 4, 5]


def test_metrics_may_be_a_dict():
    study = tunesmith.tune(lambda p: {"value": p["x"], "other": 1}, SPACE, 3, goal="maximize", strategy="random")
    assert study.best.metrics["other"] == 1


def test_an_interrupted_call_goes_on(tmp_path):
    store = f"sqlite:{tmp_path}/studies.db"

    def whole(params):
        return params["x"] ** 2

    def interrupted(params, calls=[]):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return whole(params)

    with pytest.raises(KeyboardInterrupt):
        tunesmith.tune(interrupted, SPACE, 9, strategy="random", store=store)
    resumed = tunesmith.tune(whole, SPACE, 9, strategy="random", store=store)
    uninterrupted = tunesmith.tune(whole, SPACE, 9, strategy="random")
    assert [trial.params for trial in resumed.trials] == [trial.params for trial in uninterrupted.trials]
    assert [trial.attempt for trial in resumed.trials] == [1, 1, 1, 1, 2, 1, 1, 1, 1]
