"""What people see: frames, tables in notebooks, the progress bar, the log."""

import logging
import os
import pathlib
import subprocess
import sys
from html.parser import HTMLParser

import pytest
import tunesmith

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(pathlib.Path(tunesmith.__file__).parents[1])}


class Cells(HTMLParser):
    """The texts of a table's cells; fails on tags that do not close."""

    def __init__(self, text):
        super().__init__()
        self.open, self.cells = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.cells.append(data)


def study_with_reports():
    space = tunesmith.Space().add_float("x", 0, 1).add_categorical("kind", ["<b>", "<i>"])
    study = tunesmith.Study("a & b", space, metric="loss", strategy="random", seed=1)
    for number in range(3):
        run = study.ask()
        study.report(run, 1, {"loss": 2.0, "accuracy": 0.5})
        study.report(run, 2, {"loss": 1.0})
        if number == 1:
            study.fail(run, "broken <here>")
        else:
            study.tell(run, 1.0 + number)
    return study


def dynamic_study():
    study = tunesmith.create_study(strategy="random", seed=1)

    def objective(trial):
        trial.set_user_attr("file", "a")
        trial.report(5.0, 1)
        if trial.suggest_categorical("kind", ["<b>", None]) is None:
            return 1.0
        return trial.suggest_float("x", 0, 1)

    study.optimize(objective, n_trials=12)
    return study


@pytest.mark.parametrize("make", [study_with_reports, dynamic_study, lambda: study_with_reports().view()])
def test_a_study_shows_as_a_table(make):
    study = make()
    cells = Cells(study._repr_html_()).cells
    values = [trial.value for trial in study.trials if trial.value is not None]
    assert f"{min(values):.6g}" in cells and "value" in cells and {"<b>", "<i>"} & set(cells)
    # The best one comes first.
    assert cells.index(f"{min(values):.6g}") < cells.index(f"{max(values):.6g}")


def test_an_empty_study_and_a_trial_and_a_space_show():
    space = tunesmith.Space().add_int("n", 1, 9, step=2, when={"k": ["a"]}).add_categorical("k", ["a", "b"])
    assert "no trials" in Cells(tunesmith.Study("s", space, metric="loss")._repr_html_()).cells[1]
    cells = Cells(space.add_constraint("n < 7")._repr_html_()).cells
    assert {"n", "1 … 9, step 2", "k in a", "a, b", "n < 7"} <= set(cells)
    cells = Cells(study_with_reports().trials[1]._repr_html_()).cells
    assert "broken <here>" in cells and cells[0].startswith("Trial 1: failed")


def test_frames():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    study = study_with_reports()
    frame = study.to_pandas()
    assert list(frame) == ["number", "state", "value", "metrics_loss", "params_x", "params_kind", "duration"]
    assert list(frame.state) == ["completed", "failed", "completed"]
    assert list(frame.params_x) == [trial.params["x"] for trial in study.trials]
    assert frame.value[0] == 1.0 and pandas.isna(frame.value[1]) and (frame.duration >= 0).all()
    reports = study.view().to_pandas(reports=True)
    assert list(reports) == ["number", "resource", "metric", "value"]
    first = [tuple(row) for row in reports[reports.number == 0].itertuples(index=False)]
    assert sorted(first) == [(0, 1.0, "accuracy", 0.5), (0, 1.0, "loss", 2.0), (0, 2.0, "loss", 1.0)]
    empty = tunesmith.Study("s", tunesmith.Space().add_int("n", 1, 2), metric="loss").to_pandas()
    assert len(empty) == 0 and "value" in empty


def test_frames_of_a_dynamic_study():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    study = dynamic_study()
    frame = study.trials_dataframe()
    assert list(frame) == [
        "number", "value", "datetime_start", "datetime_complete", "duration", "params_kind", "params_x",
        "user_attrs_file", "state",
    ]  # fmt: skip
    assert set(frame.state) == {"COMPLETE"} and (frame.duration >= pandas.Timedelta(0)).all()
    assert len(study.to_pandas()) == 12 and len(study.to_pandas(reports=True)) == 12
    for trial, asked in zip(study.trials, frame.params_x.notna()):
        assert ("x" in trial.params) == asked
    both = tunesmith.create_study(directions=["minimize", "maximize"], strategy="random")
    both.optimize(lambda trial: (1, 2), n_trials=2)
    assert list(both.trials_dataframe().values_1) == [2.0, 2.0]


def test_frames_of_optuna_have_the_same_columns():
    pytest.importorskip("pandas", reason="pandas is not installed")
    optuna = pytest.importorskip("optuna", reason="optuna is not installed")
    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def objective(trial):
        trial.set_user_attr("file", "a")
        return trial.suggest_float("x", 0, 1)

    theirs, ours = optuna.create_study(), tunesmith.create_study(strategy="random")
    theirs.optimize(objective, n_trials=2)
    ours.optimize(objective, n_trials=2)
    theirs, ours = theirs.trials_dataframe(), ours.trials_dataframe()
    assert list(ours) == list(theirs)
    assert [type.kind for type in ours.dtypes] == [type.kind for type in theirs.dtypes]


@pytest.mark.parametrize("with_tqdm", [False, True])
def test_the_progress_bar_shows_the_best(with_tqdm):
    if with_tqdm:
        pytest.importorskip("tqdm", reason="tqdm is not installed")
    hide = "" if with_tqdm else "sys.modules['tqdm'] = sys.modules['tqdm.auto'] = None"
    code = f"""
import sys
{hide}
import tunesmith
study = tunesmith.create_study(strategy="random")
study.optimize(lambda trial: float(10 - trial.number), n_trials=5, show_progress_bar=True)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT)
    assert ended.returncode == 0 and ended.stdout == ""
    assert "best 6 (trial 4)" in ended.stderr
    assert ("5/5" if with_tqdm else "5 of 5 trials") in ended.stderr


def test_the_log_is_silent_unless_asked(caplog):
    code = """
import logging, tunesmith
study = tunesmith.create_study(strategy="random")
study.optimize(lambda trial: 1 / trial.number, n_trials=3, catch=ZeroDivisionError)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    with caplog.at_level(logging.INFO, logger="tunesmith"):
        study = tunesmith.create_study(strategy="random")
        study.optimize(lambda trial: 1 / trial.number, n_trials=3, catch=ZeroDivisionError)
    assert [record.name for record in caplog.records] == ["tunesmith"] * 3
    assert caplog.messages[0].startswith("trial 0 failed: ZeroDivisionError: division by zero")
    assert caplog.messages[2].startswith("trial 2 completed: 0.5 for {}")
