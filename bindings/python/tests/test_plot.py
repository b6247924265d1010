"""The pictures show what the study holds; how they look was judged by eye."""

import doctest
import math

import pytest
import tunesmith

matplotlib = pytest.importorskip("matplotlib", reason="plots need matplotlib")
matplotlib.use("Agg")

import numpy as np  # noqa: E402
import tunesmith.plot as plot  # noqa: E402
from matplotlib import pyplot  # noqa: E402
from tunesmith._plot_data import Objective, importances, scales_of  # noqa: E402


@pytest.fixture(autouse=True)
def figures():
    yield
    pyplot.close("all")


def make_study(trials=30, **arguments):
    space = (
        tunesmith.Space()
        .add_float("lr", 1e-5, 1e-1, scale="log")
        .add_categorical("kind", ["a", "b", True])
        .add_float("depth", 0, 1, when={"kind": "b"})
        .add_int("layers", 1, 4)
        .add_ordinal("width", [16, 32, 64])
        .add_fixed("epochs", 3)
    )
    study = tunesmith.Study("s", space, **{"metric": "loss", "strategy": "random", "seed": 4, **arguments})
    for number in range(trials):
        run = study.ask()
        for epoch in (1, 2, 3):
            study.report(run, epoch, 10 / epoch + run.params["lr"])
        if number % 10 == 3:
            study.fail(run, "it was to fail")
        elif number % 10 == 7:
            study.tell(run, tunesmith.TrialResult("stopped", "no good"))
        else:
            study.tell(run, run.params["lr"] + run.params["layers"])
    return study


def points_of(collection):
    return [tuple(float(value) for value in point) for point in collection.get_offsets()]


def completed(study):
    return [trial for trial in study.trials if trial.state == "completed"]


@pytest.mark.parametrize("goal", ["minimize", "maximize"])
def test_history(goal):
    study = make_study(goal=goal)
    axes = plot.history(study)
    done, early = axes.collections
    assert points_of(done) == [(trial.number, trial.value) for trial in completed(study)]
    assert [number for number, _ in points_of(early)] == [7, 17, 27]
    failed, best = axes.lines
    assert list(failed.get_xdata()) == [3, 13, 23]
    values = [trial.value if trial.value is not None else math.nan for trial in study.trials]
    pick = np.fmin if goal == "minimize" else np.fmax
    assert list(best.get_ydata()) == list(pick.accumulate(values))
    assert best.get_ydata()[-1] == study.best.value


def test_history_of_trials_out_of_bounds():
    study = make_study(trials=0, outcome_constraints={"memory": (None, 1)})
    for value, memory in ((3.0, 0.5), (1.0, 2.0), (2.0, 0.5)):
        study.tell(study.ask(), {"loss": value, "memory": memory})
    axes = plot.history(study)
    assert list(axes.lines[-1].get_ydata()) == [3, 3, 2]
    assert points_of(axes.collections[-1]) == [(1, 1.0)]


def test_learning_curves():
    study = make_study()
    axes = plot.learning_curves(study)
    assert len(axes.lines) == 30
    for trial, line in zip(study.trials, axes.lines):
        assert list(zip(line.get_xdata(), line.get_ydata())) == [(level, told["loss"]) for level, told in trial.reports]
    assert max(axes.lines, key=lambda line: line.get_linewidth()) is axes.lines[study.best.number]
    assert {text.get_text() for text in axes.get_legend().get_texts()} == {
        f"trial {study.best.number}, the best",
        "completed",
        "ended early",
    }
    with pytest.raises(ValueError, match='"accuracy"'):
        plot.learning_curves(study, metric="accuracy")


def test_slices():
    study = make_study()
    shown = plot.slices(study)
    assert [axes.get_xlabel() for axes in shown] == ["lr", "kind", "depth", "layers", "width"]
    assert [axes.get_xscale() for axes in shown] == ["log", "linear", "linear", "linear", "linear"]
    assert points_of(shown[0].collections[0]) == [(trial.params["lr"], trial.value) for trial in completed(study)]
    places = {"a": 0, "b": 1, True: 2}
    assert [x for x, _ in points_of(shown[1].collections[0])] == [places[t.params["kind"]] for t in completed(study)]
    assert [label.get_text() for label in shown[1].get_xticklabels()] == ["a", "b", "True"]
    assert len(points_of(shown[2].collections[0])) == len([t for t in completed(study) if "depth" in t.params])
    own = pyplot.subplots(1, 2)[1]
    assert plot.slices(study, ["width", "lr"], axes=own) == list(own)
    with pytest.raises(ValueError, match='"colour" is none of the parameters'):
        plot.slices(study, ["colour"])


def test_contour():
    study = make_study()
    axes = plot.contour(study, "lr", "layers")
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_xscale()) == ("lr", "layers", "log")
    assert tuple(float(line) for line in axes.lines[0].get_xydata()[0]) == (
        study.best.params["lr"],
        study.best.params["layers"],
    )
    assert any(type(drawn).__name__.endswith("ContourSet") for drawn in axes.collections)
    words = plot.contour(study, "kind", "width")
    assert not any(type(drawn).__name__.endswith("ContourSet") for drawn in words.collections)
    default = plot.contour(study)
    assert (default.get_xlabel(), default.get_ylabel()) == ("lr", "kind")
    with pytest.raises(ValueError, match="too few"):
        plot.contour(make_study(trials=2), "lr", "layers")
    with pytest.raises(ValueError, match="none of the parameters"):
        plot.contour(study, "lr", "colour")


def test_trials_on_one_line_have_no_surface():
    space = tunesmith.Space().add_float("x", 0, 1).add_float("y", 0, 1)
    study = tunesmith.Study("s", space, metric="loss", strategy="random")
    for step in range(5):
        study.enqueue({"x": step / 10, "y": step / 10})
        study.tell(study.ask(), step)
    with pytest.raises(ValueError, match="one line"):
        plot.contour(study)


def test_parallel_coordinates():
    study = make_study()
    axes = plot.parallel_coordinates(study)
    assert [label.get_text() for label in axes.get_xticklabels()] == [
        "lr", "kind", "depth", "layers", "width", "loss",
    ]  # fmt: skip
    lines = [line for line in axes.lines if len(line.get_xdata()) == 6]
    assert len(lines) == len(completed(study))
    last = lines[-1].get_ydata()
    best = study.best
    assert last[0] == pytest.approx((math.log10(best.params["lr"]) + 5) / 4)
    assert math.isnan(last[2]) == ("depth" not in best.params)
    assert last[3] == pytest.approx((best.params["layers"] - 1) / 3) and last[5] == 0
    with pytest.raises(ValueError, match="no trial has a value"):
        plot.parallel_coordinates(make_study(trials=0))


def test_importance():
    space = (
        tunesmith.Space()
        .add_float("strong", 0, 1)
        .add_float("weak", 0, 1)
        .add_float("idle", 0, 1)
        .add_categorical("kind", ["a", "b"])
        .add_float("inner", 0, 1, when={"kind": "b"})
    )
    study = tunesmith.tune(
        lambda p: (p["strong"] - 0.3) ** 2 + 0.1 * p["weak"] + 0.3 * (p["kind"] == "b"), space, 300, strategy="random"
    )
    shares = importances(Objective(study.view(), None), scales_of(study.view(), None))
    assert shares["strong"] > 0.3 and shares["kind"] > 0.3
    assert 0.01 < shares["weak"] < 0.2 and shares["idle"] < 0.03
    # It says whether the kind is b, and nothing else.
    assert shares["inner"] == pytest.approx(shares["kind"], abs=0.03)
    axes = plot.importance(study)
    drawn = dict(zip([label.get_text() for label in axes.get_yticklabels()], [bar.get_width() for bar in axes.patches]))
    assert drawn == pytest.approx(shares)
    assert [bar.get_width() for bar in axes.patches] == sorted(shares.values())
    with pytest.raises(ValueError, match="too few completed trials, 9"):
        plot.importance(make_study(trials=11))
    flat = tunesmith.tune(lambda p: 1.0, space, 20, strategy="random")
    assert [bar.get_width() for bar in plot.importance(flat).patches] == [0] * 5


@pytest.mark.parametrize("goals", [("minimize", "maximize"), ("maximize", "minimize"), ("minimize", "minimize")])
def test_pareto_front(goals):
    study = make_study(trials=0, metric=None, objectives=dict(zip(("loss", "speed"), goals)))
    for _ in range(25):
        run = study.ask()
        study.tell(run, {"loss": math.sin(run.number), "speed": math.cos(run.number * 3)})
    axes = plot.pareto_front(study)
    front = sorted((trial.metrics["loss"], trial.metrics["speed"]) for trial in study.front)
    assert [tuple(point) for point in axes.lines[0].get_xydata()] == front
    assert len(points_of(axes.collections[0])) == 25 - len(front)
    assert axes.get_ylabel() == f"speed ({goals[1]})"
    # The line keeps out of what the front leaves open: between two points the worse of both.
    assert axes.lines[0].get_drawstyle() == ("steps-post" if goals[0] == "minimize" else "steps-pre")
    reverse = plot.pareto_front(study, ["speed", "loss"])
    assert reverse.get_xlabel() == f"speed ({goals[0 + 1]})"


def test_a_front_needs_two_objectives():
    with pytest.raises(ValueError, match="between two objectives"):
        plot.pareto_front(make_study(trials=1))


def test_a_study_of_optimize():
    study = tunesmith.create_study(strategy="random")
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1) + trial.suggest_int("n", 1, 3), n_trials=15)
    assert [axes.get_xlabel() for axes in plot.slices(study)] == ["x", "n"]
    assert plot.history(study).lines[-1].get_ydata()[-1] == study.best_value
    assert len(plot.importance(study).patches) == 2


def test_they_draw_where_they_are_told_and_say_what_they_do_not_know():
    study = make_study()
    own = pyplot.subplots()[1]
    for draw in (plot.history, plot.learning_curves, plot.parallel_coordinates, plot.contour):
        assert draw(study.view(), ax=own) is own
    for draw in (plot.history, plot.slices, plot.parallel_coordinates, plot.contour):
        with pytest.raises(ValueError, match='"speed" is none of the objectives'):
            draw(study, objective="speed")


def test_the_examples_run():
    results = doctest.testmod(plot)
    assert results.attempted > 0 and results.failed == 0
