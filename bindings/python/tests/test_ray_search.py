import doctest
import faulthandler
import os
import pickle

import pytest
import tunesmith

# Ray's workers are nice to the rest of the machine, and on a busy one would be minutes late.
os.environ.setdefault("RAY_worker_niceness", "0")

pytest.importorskip("ray.tune", reason="tunesmith's suggestions for Ray Tune need ray[tune]")

from ray import tune  # noqa: E402
from ray.tune.search import Searcher  # noqa: E402
from tunesmith import _ray_search  # noqa: E402
from tunesmith.ray import TunesmithSearch  # noqa: E402

CONFIG = {
    "lr": tune.loguniform(1e-4, 1e-1),
    "net": {"layers": tune.randint(1, 4), "width": tune.qrandint(5, 67, 8), "act": tune.choice(["relu", None, (1, 2)])},
    "momentum": tune.quniform(0.1, 0.9, 0.1),
    "units": tune.lograndint(1, 1000),
    "epochs": 3,
}


@pytest.fixture(autouse=True)
def patience(watchdog):
    """Ray takes a while to start its workers, and minutes on a busy machine."""
    faulthandler.dump_traceback_later(600, exit=True)


def search_of(space=CONFIG, **arguments):
    return TunesmithSearch(space, **{"metric": "loss", "mode": "min", "strategy": "random", **arguments})


def test_tunes_spaces_have_counterparts():
    search = search_of()
    parameters = {parameter.name: parameter for parameter in search.study.problem.space.parameters}
    assert (parameters["lr"].min, parameters["lr"].max, parameters["lr"].scale) == (1e-4, 1e-1, "log")
    assert (parameters["net/layers"].min, parameters["net/layers"].max) == (1, 3)
    assert (parameters["net/width"].min, parameters["net/width"].max, parameters["net/width"].step) == (8, 64, 8)
    assert (parameters["units"].max, parameters["units"].scale) == (999, "log")
    assert parameters["momentum"].min == pytest.approx(0.1) and parameters["momentum"].max == pytest.approx(0.9)
    assert parameters["net/act"].choices == ["relu", "None", "(1, 2)"]
    for number in range(40):
        config = search.suggest(str(number))
        assert set(config) == set(CONFIG) and set(config["net"]) == set(CONFIG["net"])
        assert config["epochs"] == 3 and config["net"]["act"] in ("relu", None, (1, 2))
        assert config["net"]["width"] % 8 == 0


@pytest.mark.parametrize(
    "domain",
    [tune.grid_search([1, 2]), tune.sample_from(lambda spec: 1), tune.randn(0, 1), [tune.uniform(0, 1)]],
)
def test_what_has_no_counterpart_is_refused(domain):
    with pytest.raises(ValueError, match="x"):
        search_of({"x": domain})


def test_a_space_of_tunesmith_keeps_its_conditions():
    space = tunesmith.Space().add_categorical("kind", ["a", "b"]).add_float("depth", 0, 1, when={"kind": "b"})
    search = search_of(space)
    assert all(("depth" in config) == (config["kind"] == "b") for config in map(search.suggest, "abcdefgh"))


def test_trials_are_told_of():
    search = search_of()
    for name in "abcde":
        search.suggest(name)
    search.on_trial_result("a", {"loss": 3.0, "training_iteration": 1})
    search.on_trial_result("a", {"loss": 2.0, "training_iteration": 2})
    search.on_trial_complete("a", {"loss": 2.0, "training_iteration": 2})
    search.on_trial_complete("a", {"loss": 9.0, "training_iteration": 3})
    search.on_trial_result("a", {"loss": 9.0, "training_iteration": 3})
    search.on_trial_complete("b", error=True)
    search.on_trial_complete("c", {"training_iteration": 1})
    search.on_trial_complete("d")
    search.on_trial_complete("nobody", {"loss": 1.0})
    trials = search.study.trials
    assert [trial.state for trial in trials] == ["completed", "failed", "failed", "stopped", "running"]
    assert trials[0].value == 2.0 and trials[0].reports == [(1.0, {"loss": 3.0}), (2.0, {"loss": 2.0})]
    assert 'no "loss"' in trials[2].reason


def test_the_tuners_words_are_taken():
    search = TunesmithSearch(strategy="random")
    with pytest.raises(RuntimeError, match="metric and a mode"):
        search.suggest("a")
    assert search.set_search_properties("accuracy", "max", {"x": tune.uniform(0, 1), "y": 2})
    assert set(search.suggest("a")) == {"x", "y"}
    assert search.study.problem.objectives == {"accuracy": "maximize"}
    own = search_of({"x": tune.uniform(0, 1)})
    assert own.set_search_properties("loss", "min", {"epochs": 3})
    assert not own.set_search_properties("loss", "min", {"z": tune.uniform(0, 1)})


def test_a_finite_space_ends():
    search = search_of({"x": tune.choice([1, 2])}, strategy="grid")
    assert {search.suggest(name)["x"] for name in "ab"} == {1, 2}
    assert search.suggest("c") is None or search.suggest("c") == Searcher.FINISHED
    for name in "ab":
        search.on_trial_complete(name, {"loss": 1.0})
    assert search.suggest("d") == Searcher.FINISHED


def test_points_to_evaluate_come_first():
    point = {"lr": 0.01, "net": {"layers": 2, "width": 16, "act": None}, "momentum": 0.3, "units": 7, "epochs": 3}
    search = search_of(points_to_evaluate=[point])
    first = search.suggest("a")
    assert first["momentum"] == pytest.approx(0.3)
    assert {**first, "momentum": 0.3} == point


def loss(config):
    return config["lr"] + config["net"]["layers"]


def test_what_is_saved_goes_on_as_if_nothing_had_been(tmp_path):
    """With open trials, and with a model, whose suggestions follow from everything before."""

    def begun():
        search = search_of(strategy="tpe", seed=5)
        for number in range(15):
            search.on_trial_complete(str(number), {"loss": loss(search.suggest(str(number)))})
        search.suggest("open")
        return search

    def rest(search):
        search.on_trial_complete("open", {"loss": 1.0})
        configs = []
        for number in range(5):
            configs.append(search.suggest(f"later {number}"))
            search.on_trial_complete(f"later {number}", {"loss": loss(configs[-1])})
        assert [trial.state for trial in search.study.trials] == ["completed"] * 21
        return configs

    search = begun()
    search.save(str(tmp_path / "search.pkl"))
    restored = TunesmithSearch()
    restored.restore(str(tmp_path / "search.pkl"))
    assert rest(search) == rest(restored) == rest(pickle.loads(pickle.dumps(begun())))


def test_ray_tune_runs_it(tmp_path):
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    try:

        def train(config):
            for epoch in range(1, 3):
                tune.report({"loss": (config["x"] - 1) ** 2 / epoch})

        search = TunesmithSearch(strategy="random", seed=1)
        tuner = tune.Tuner(
            train,
            param_space={"x": tune.uniform(0, 2), "epochs": 2},
            tune_config=tune.TuneConfig(
                metric="loss", mode="min", search_alg=search, num_samples=6, max_concurrent_trials=1, reuse_actors=True
            ),
            run_config=tune.RunConfig(storage_path=str(tmp_path), name="t", verbose=0),
        )
        results = tuner.fit()
        assert len(results) == 6 and not results.errors
        best = min(trial.value for trial in search.study.trials)
        assert results.get_best_result().metrics["loss"] == best
        assert all(len(trial.reports) == 2 for trial in search.study.trials)
    finally:
        ray.shutdown()


def test_the_examples_run():
    results = doctest.testmod(_ray_search)
    assert results.attempted > 0 and results.failed == 0
