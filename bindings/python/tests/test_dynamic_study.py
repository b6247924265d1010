"""Studies that learn their space from the objective."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
import tunesmith


def branching(trial):
    x = trial.suggest_float("x", -3, 3)
    if trial.suggest_categorical("kind", ["line", "bowl"]) == "line":
        return 5 + x
    layers = trial.suggest_int("layers", 1, 3)
    widths = [trial.suggest_float(f"width_{i}", 0.5, 2) for i in range(layers)]
    return (x - trial.suggest_float("centre", 0, 0.9, scale="reverse_log")) ** 2 + sum(widths)


def learned(study):
    return {parameter.name: parameter.when for parameter in study.space.parameters}


def test_the_space_is_learned_with_its_conditions():
    study = tunesmith.create_study(strategy="random", seed=1)
    study.optimize(branching, n_trials=80)
    assert learned(study) == {
        "x": {},
        "kind": {},
        "layers": {"kind": ["bowl"]},
        "centre": {"kind": ["bowl"]},
        "width_0": {"kind": ["bowl"]},
        "width_1": {"layers": [2, 3]},
        "width_2": {"layers": [3]},
    }
    for trial in study.trials:
        bowl = trial.params["kind"] == "bowl"
        assert ("centre" in trial.params) == bowl
        assert len(trial.params) == (4 + trial.params["layers"] if bowl else 2)
        # Nothing is lost or changed by growing.
        assert trial.value == branching(Replayed(trial.params))


class Replayed:
    """A trial that gives recorded parameters."""

    def __init__(self, params):
        self._params = params

    def suggest_float(self, name, *range, **options):
        return self._params[name]

    suggest_int = suggest_categorical = suggest_float


@pytest.mark.parametrize("strategy", ["auto", "tpe", "random"])
def test_the_same_seed_gives_the_same_trials(strategy):
    def run(seed):
        study = tunesmith.create_study(strategy=strategy, seed=seed)
        study.optimize(branching, n_trials=25)
        return [trial.params for trial in study.trials]

    assert run(4) == run(4)
    assert run(4) != run(5)


def test_a_model_finds_the_good_branch():
    study = tunesmith.create_study(seed=1)
    study.optimize(branching, n_trials=60)
    assert study.best_params["kind"] == "bowl" and study.best_params["layers"] == 1
    assert study.best_value < 0.7


def test_a_stored_study_goes_on_where_it_was(tmp_path):
    def run(*counts, storage):
        for count in counts:
            study = tunesmith.create_study(study_name="s", storage=storage, strategy="tpe", seed=2)
            study.optimize(branching, n_trials=count)
        return [(trial.number, trial.params, trial.value) for trial in study.trials]

    url = f"sqlite:{tmp_path}/a.db"
    assert run(7, 1, 22, storage=url) == run(30, storage="memory:")
    # One study is left of all those that the space outgrew.
    assert len(tunesmith.open_store(url).list()) == 1


def test_what_a_growth_left_behind_when_its_process_died_is_removed(tmp_path):
    url = f"sqlite:{tmp_path}/a.db"
    study = tunesmith.create_study(storage=url, strategy="random")
    study.optimize(branching, n_trials=10)
    stored = tunesmith.open_store(url).list()[0].name
    number = int(stored.split("#")[1]) + 1
    half = tunesmith.Study(f"study#{number}", study.space, metric="value", strategy="random", store=url)
    half.ask()
    again = tunesmith.create_study(storage=url, strategy="random")
    assert len(again.trials) == 10
    assert [info.name for info in tunesmith.open_store(url).list()] == [stored]


def test_what_a_dead_process_had_begun_is_run_first(tmp_path):
    url = f"sqlite:{tmp_path}/a.db"
    study = tunesmith.create_study(storage=url, strategy="random")
    study.optimize(branching, n_trials=10)
    left = study.ask()
    del study
    again = tunesmith.create_study(storage=url, strategy="random")
    trial = again.ask()
    assert (trial.number, trial.attempt) == (left.number, 2)
    assert trial.suggest_float("x", -3, 3) == left.suggest_float("x", -3, 3)


def test_growing_keeps_everything_of_a_trial():
    study = tunesmith.create_study(strategy="random", stopping_rules=())

    def first(trial):
        trial.suggest_float("x", 0, 1)
        trial.report(3.0, 1)
        trial.report(2.0, 2)
        trial.set_user_attr("file", {"name": "a"})
        if trial.number == 1:
            raise tunesmith.TrialStopped
        if trial.number == 2:
            raise ValueError("broken")
        return 1.0

    study.optimize(first, n_trials=3, catch=ValueError)
    before = study.trials
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1) + trial.suggest_int("n", 1, 5), n_trials=1)
    assert "n" in learned(study)
    for old, new in zip(before, study.trials):
        for field in ("params", "user_attrs", "state", "values", "reports", "reason", "started", "ended"):
            assert getattr(new, field) == getattr(old, field), field
    assert [trial.state for trial in study.trials] == ["completed", "stopped", "failed", "completed"]
    assert study.trials[1].value == 2.0
    assert 'raise ValueError("broken")' in study.trials[2].reason


def test_an_exception_fails_the_trial_and_is_passed_on_unless_caught():
    def objective(trial):
        trial.suggest_float("x", 0, 1)
        raise KeyError("column")

    study = tunesmith.create_study(strategy="random")
    with pytest.raises(KeyError):
        study.optimize(objective, n_trials=3)
    assert len(study.trials) == 1
    study.optimize(objective, n_trials=3, catch=(KeyError,))
    assert [trial.state for trial in study.trials] == ["failed"] * 4
    assert "in objective" in study.trials[3].reason
    with pytest.raises(ValueError, match="no trial"):
        study.best_trial


def test_what_is_no_value_fails_the_trial():
    study = tunesmith.create_study(strategy="random")
    results = iter([None, "text", float("nan"), 2])
    study.optimize(lambda trial: next(results), n_trials=4)
    assert [trial.state for trial in study.trials] == ["failed", "failed", "failed", "completed"]
    assert "None" in study.trials[0].reason


def test_several_objectives():
    study = tunesmith.create_study(directions=["minimize", "maximize"], strategy="random")

    def objective(trial):
        x = trial.suggest_float("x", 0, 1)
        return x, x

    study.optimize(objective, n_trials=10)
    assert len(study.best_trials) == 10
    assert study.trials[0].values == [study.trials[0].params["x"]] * 2


def test_a_name_may_have_another_range_in_each_trial():
    study = tunesmith.create_study(strategy="random", seed=3)

    def objective(trial):
        total = trial.suggest_int("total", 2, 20)
        return trial.suggest_int("part", 1, total)

    study.optimize(objective, n_trials=60)
    assert all(1 <= trial.params["part"] <= trial.params["total"] for trial in study.trials)
    assert len({trial.params["part"] for trial in study.trials}) > 5


def test_a_name_has_one_type():
    study = tunesmith.create_study(strategy="random")
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1)
    with pytest.raises(ValueError, match="of type float already"):
        study.ask().suggest_int("x", 0, 1)
    trial = study.ask()
    assert trial.suggest_float("x", 0, 1) == trial.suggest_float("x", 5, 6), "one value in one trial"
    with pytest.raises(tunesmith.Error):
        trial.suggest_float("y", 2, 1)


def test_choices_of_any_type_come_back_as_they_are():
    def objective(trial):
        seen.append(trial.suggest_categorical("layers", [None, (64, 32), "a", 7, True]))
        return 1.0

    seen = []
    study = tunesmith.create_study(strategy="random", seed=2)
    study.optimize(objective, n_trials=5)
    assert {repr(value) for value in seen} == {"None", "(64, 32)", "'a'", "7", "True"}
    assert [trial.params["layers"] for trial in study.trials] == seen


def test_enqueued_params_may_be_some_of_all_and_unknown():
    study = tunesmith.create_study(strategy="random")
    study.enqueue_trial({"x": 0.5, "kind": "bowl", "layers": 2})
    study.optimize(branching, n_trials=12)
    first = study.trials[0].params
    assert (first["x"], first["kind"], first["layers"]) == (0.5, "bowl", 2)
    study.enqueue_trial({"width_1": 1.25, "layers": 2, "kind": "bowl"})
    study.enqueue_trial({"x": 99})
    study.optimize(branching, n_trials=2)
    assert study.trials[12].params["width_1"] == 1.25
    assert -3 <= study.trials[13].params["x"] <= 3


def test_user_attributes_are_stored(tmp_path):
    url = f"sqlite:{tmp_path}/a.db"
    study = tunesmith.create_study(storage=url, strategy="random")
    trial = study.ask()
    trial.set_user_attr("epochs", [1, 2])
    with pytest.raises(TypeError):
        trial.set_user_attr("object", object())
    study.tell(trial, 1.0)
    assert tunesmith.create_study(storage=url, strategy="random").trials[0].user_attrs == {"epochs": [1, 2]}


def test_stopping_rules_stop_trials():
    def objective(trial):
        level = trial.suggest_float("level", 0, 1)
        for step in range(1, 6):
            trial.report(level, step)
            if trial.should_stop():
                raise tunesmith.TrialStopped
        return level

    study = tunesmith.create_study(strategy="random")
    study.optimize(objective, n_trials=30)
    states = {trial.state for trial in study.trials}
    assert states == {"completed", "stopped"}
    one = tunesmith.median_rule()
    with pytest.raises(tunesmith.Error, match="one study alone"):
        tunesmith.create_study(stopping_rules=[one])
    never = tunesmith.create_study(strategy="random", stopping_rules=[lambda: tunesmith.median_rule(min_trials=99)])
    never.optimize(objective, n_trials=30)
    assert {trial.state for trial in never.trials} == {"completed"}


def test_callbacks_and_stop():
    seen = []

    def callback(study, record):
        seen.append((record.number, record.state))
        if record.number == 2:
            study.stop()

    study = tunesmith.create_study(strategy="random")
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=10, callbacks=[callback])
    assert seen == [(0, "completed"), (1, "completed"), (2, "completed")]


def test_a_timeout_ends_it():
    study = tunesmith.create_study(strategy="random")
    started = time.monotonic()
    study.optimize(lambda trial: time.sleep(0.02) or 1.0, timeout=0.2)
    assert 1 <= len(study.trials) <= 11 and time.monotonic() - started < 60


def test_a_finite_space_is_exhausted():
    study = tunesmith.create_study(strategy="grid")
    study.optimize(lambda trial: trial.suggest_int("n", 1, 4), n_trials=50)
    assert sorted(trial.params["n"] for trial in study.trials) == [1, 2, 3, 4]


def test_threads_share_a_growing_study():
    together = threading.Barrier(4, timeout=60)

    def objective(trial):
        value = branching(trial)
        trial.report(value, 1)
        if trial.number < 4:
            together.wait()  # all four at once, while nothing is known
        trial.report(value, 2)
        return value

    study = tunesmith.create_study(strategy="random", seed=6, stopping_rules=())
    study.optimize(objective, n_trials=60, n_jobs=4)
    assert [trial.number for trial in study.trials] == list(range(60))
    assert {trial.state for trial in study.trials} == {"completed"}
    assert learned(study)["width_2"] == {"layers": [3]}
    for trial in study.trials:
        assert trial.value == branching(Replayed(trial.params))
        assert trial.reports == [(1.0, trial.value), (2.0, trial.value)]


def test_an_exception_in_a_thread_is_passed_on():
    def objective(trial):
        if trial.number == 3:
            raise KeyError("column")
        return trial.suggest_float("x", 0, 1)

    study = tunesmith.create_study(strategy="random")
    with pytest.raises(KeyError):
        study.optimize(objective, n_trials=1000, n_jobs=3)
    assert study.trials[3].state == "failed" and len(study.trials) < 1000


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_an_interrupt_answers_at_once_and_loses_nothing(n_jobs, tmp_path):
    program = f"""
        import os, time, tunesmith
        study = tunesmith.create_study(storage="sqlite:{tmp_path}/a.db", strategy="random")
        def objective(trial):
            trial.suggest_float("x", 0, 1)
            if trial.number >= 5:
                os.write(1, b"waits\\n")
                time.sleep(60)
            return 1.0
        try:
            study.optimize(objective, n_jobs={n_jobs})
        except KeyboardInterrupt:
            print([trial.state for trial in study.trials[:5]], study.trials[5].state, flush=True)
    """
    process = subprocess.Popen(
        [sys.executable, "-c", "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(pathlib.Path(tunesmith.__file__).parents[1])},
    )
    for _ in range(n_jobs):
        assert process.stdout.readline() == "waits\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == f"{['completed'] * 5} preempted\n"
    assert process.returncode == 0
    study = tunesmith.create_study(storage=f"sqlite:{tmp_path}/a.db", strategy="random")
    assert (trial := study.ask()).number == 5 and trial.attempt == 2


def test_the_log_holds_what_the_space_is_learned_from(tmp_path, monkeypatch):
    """A process that dies between the end of a trial and the growth that it calls for."""
    url = f"sqlite:{tmp_path}/a.db"
    study = tunesmith.create_study(storage=url, strategy="random")
    monkeypatch.setattr(study, "_grow", lambda: None)
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3)
    assert learned(study) == {}
    again = tunesmith.create_study(storage=url, strategy="random")
    assert learned(again) == {"x": {}}
    assert [trial.params for trial in again.trials] == [trial.params for trial in study.trials]
    assert json.loads(again.core.trials[0].handle).keys() == {"times"}
