"""Studies of Optuna in and out, with the real one."""

import pytest
import tunesmith
import tunesmith.optuna

optuna = pytest.importorskip("optuna", reason="optuna is not installed")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def theirs(trial):
    x = trial.suggest_float("x", 1e-3, 10, log=True)
    n = trial.suggest_int("n", 2, 10, step=2)
    kind = trial.suggest_categorical("kind", ["a", None])
    trial.set_user_attr("note", [1, "two"])
    for step in range(3):
        trial.report(x + step, step)
    if trial.number == 3:
        raise optuna.TrialPruned
    if trial.number == 4:
        raise ValueError
    return x + n if kind == "a" else x + trial.suggest_float("only", 0, 1)


def ours(trial):
    x = trial.suggest_float("x", 1e-3, 10, log=True)
    momentum = trial.suggest_float("momentum", 0.5, 0.99, scale="reverse_log")
    depth = trial.suggest_int("depth", 1, 3) if trial.suggest_categorical("deep", [True, False]) else 0
    trial.set_user_attr("note", "text")
    trial.report(x + 99, 1)
    if trial.number == 2:
        raise tunesmith.TrialStopped
    if trial.number == 3:
        raise ValueError("broken")
    return x + momentum + depth


@pytest.mark.parametrize("file", ["a.db", "a.journal"])
def test_a_study_of_optuna_goes_on_here(file, tmp_path):
    storage = tunesmith.optuna._storage(tmp_path / file)
    study = optuna.create_study(study_name="s", direction="maximize", storage=storage)
    study.optimize(theirs, n_trials=20, catch=ValueError)
    made = tunesmith.optuna.import_study(tmp_path / file, study_name="s", strategy="tpe")
    assert made.directions == ["maximize"] and made.name == "s"
    for old, new in zip(study.trials, made.trials):
        assert new.params == old.params
        assert new.state == {"COMPLETE": "completed", "PRUNED": "stopped", "FAIL": "failed"}[old.state.name]
        assert new.reports == [(float(step), value) for step, value in old.intermediate_values.items()]
        assert new.user_attrs == old.user_attrs
        assert new.duration == pytest.approx((old.datetime_complete - old.datetime_start).total_seconds(), abs=1e-5)
        if new.state == "completed":
            assert new.value == old.value
    assert made.best_params == study.best_params
    made.optimize(lambda trial: trial.suggest_float("x", 1e-3, 10, log=True), n_trials=5)
    assert len(made.trials) == 25
    with pytest.raises(ValueError, match="has trials already"):
        url = f"sqlite:{tmp_path}/ours.db"
        tunesmith.optuna.import_study(study, storage=url)
        tunesmith.optuna.import_study(study, storage=url)


@pytest.mark.parametrize("file", ["b.db", "b.journal"])
def test_optuna_reads_our_studies(file, tmp_path):
    study = tunesmith.create_study(study_name="mine", strategy="random", seed=1)
    study.optimize(ours, n_trials=12, catch=ValueError)
    tunesmith.optuna.export_study(study, tmp_path / file)
    read = optuna.load_study(study_name="mine", storage=tunesmith.optuna._storage(tmp_path / file))
    assert len(read.trials) == 12
    for new, old in zip(read.trials, study.trials):
        assert new.params == old.params and new.user_attrs == old.user_attrs
        assert new.intermediate_values == {1: old.reports[0][1]}
    assert [trial.state.name for trial in read.trials[:5]] == ["COMPLETE", "COMPLETE", "PRUNED", "FAIL", "COMPLETE"]
    assert read.best_value == study.best_value and read.best_params == study.best_params
    read.optimize(lambda trial: trial.suggest_float("x", 1e-3, 10, log=True), n_trials=2)


def test_a_declared_study_is_written_too(tmp_path):
    space = tunesmith.Space().add_int("n", 1, 64, scale="log").add_ordinal("size", ["s", "m"]).add_fixed("fixed", 3)
    study = tunesmith.Study("s", space, objectives={"a": "minimize", "b": "maximize"}, strategy="random")
    for _ in range(5):
        run = study.ask()
        study.tell(run, {"a": run.params["n"], "b": 1.0})
    written = tunesmith.optuna.export_study(study, tmp_path / "c.db")
    assert [trial.values for trial in written.trials] == [[float(trial.params["n"]), 1.0] for trial in study.trials]
    assert [way.name for way in written.directions] == ["MINIMIZE", "MAXIMIZE"]
