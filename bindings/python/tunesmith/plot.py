"""Pictures by matplotlib of a Study, of the study of create_study, or of a StudyView. Every function draws on the axes
it is given, or new ones, and returns them.

>>> import matplotlib
>>> matplotlib.use("Agg")
>>> import tunesmith, tunesmith.plot
>>> space = tunesmith.Space().add_float("x", -1, 1)
>>> study = tunesmith.tune(lambda p: p["x"] ** 2, space, 10, strategy="random")
>>> axes = tunesmith.plot.history(study)
>>> axes.get_xlabel(), axes.get_ylabel()
('trial', 'value')
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Optional

import numpy
from matplotlib import pyplot, ticker
from matplotlib.colors import BoundaryNorm

from ._plot_data import AnyStudy, Objective, Scale, importances, scales_of, view_of, with_values
from ._plot_style import (
    BAD, BEST, COLOURS, DOTS, REST, axes_of, height_of, legend, marks_of, place_of, scale_axis, surface_of, vertical,
)  # fmt: skip

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["contour", "history", "importance", "learning_curves", "parallel_coordinates", "pareto_front", "slices"]

_LEAST_TRIALS = 12


def history(study: AnyStudy, *, objective: Optional[str] = None, ax: Optional[Axes] = None) -> Axes:
    """The trials' values in the order they were suggested, and the best so far; crosses at the foot are trials that
    failed.

    objective -- its name; None: the first
    ax -- where to draw; None: a new figure

    Raises ValueError for a name that is no objective.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> import tunesmith, tunesmith.plot
    >>> study = tunesmith.tune(lambda p: p["x"] ** 2, tunesmith.Space().add_float("x", -1, 1), 10, strategy="random")
    >>> best = tunesmith.plot.history(study).lines[-1].get_ydata()
    >>> bool(best[-1] == study.best.value)
    True
    """
    view = view_of(study)
    shown = Objective(view, objective)
    ax = axes_of(ax)
    best: list[float] = []
    for trial in view.trials:
        value = shown.of(trial)
        counts = value is not None and view.feasible(trial)
        last = best[-1] if best else math.nan
        best.append(value if counts and value is not None and not shown.better(last, value) else last)
    numbers = [trial.number for trial in view.trials]
    valued = [trial for trial in view.trials if shown.of(trial) is not None]
    groups: list[tuple[str, dict[str, Any], list[Any]]] = [
        ("completed", {"color": DOTS}, [t for t in valued if view.feasible(t) and t.state == "completed"]),
        ("ended early", {"facecolor": "none", "edgecolor": REST, "lw": 0.9},
         [t for t in valued if view.feasible(t) and t.state != "completed"]),
        ("not feasible", {"color": REST, "marker": "s"}, [t for t in valued if not view.feasible(t)]),
    ]  # fmt: skip
    for label, style, trials in groups:
        if trials:
            values = [shown.number(trial) for trial in trials]
            ax.scatter([trial.number for trial in trials], values, **{"s": 18, "lw": 0, "label": label, **style})
    failed = [trial.number for trial in view.trials if trial.state in ("failed", "lost", "infeasible")]
    if failed:
        ax.plot(
            failed, [0.0] * len(failed), "x", color=BAD, transform=ax.get_xaxis_transform(), clip_on=False,
            label="failed", markersize=6,
        )  # fmt: skip
    ax.step(numbers, best, where="post", color=BEST, lw=1.8, label="best so far")
    ax.set_xlabel("trial")
    ax.set_ylabel(shown.name)
    ax.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
    legend(ax)
    return ax


def learning_curves(study: AnyStudy, *, metric: Optional[str] = None, ax: Optional[Axes] = None) -> Axes:
    """What each trial has reported; thin and grey where it was ended early, thick for the best.

    metric -- its name; None: the first objective
    ax -- where to draw; None: a new figure

    Raises ValueError where no trial has reported the metric.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> import tunesmith, tunesmith.plot
    >>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", 1, 2), metric="loss", strategy="random")
    >>> run = study.ask()
    >>> for epoch in range(1, 4):
    ...     _ = study.report(run, epoch, run.params["x"] / epoch)
    >>> _ = study.tell(run)
    >>> len(tunesmith.plot.learning_curves(study).lines)
    1
    """
    view = view_of(study)
    name = Objective(view, None).name if metric is None else metric
    curves = []
    for trial in view.trials:
        points = sorted((level, metrics[name]) for level, metrics in trial.reports if name in metrics)
        if points:
            curves.append((trial, points))
    if not curves:
        raise ValueError(f'no trial has reported "{name}"')
    ax = axes_of(ax)
    best = view.best
    labels: set[str] = set()
    for trial, points in curves:
        if best is not None and trial.number == best.number:
            label, style = f"trial {trial.number}, the best", {"color": BEST, "lw": 2.2, "zorder": 4}
        elif trial.state in ("completed", "running"):
            label, style = trial.state, {"color": DOTS, "lw": 1.0, "alpha": 0.6, "zorder": 3}
        else:
            label, style = "ended early", {"color": REST, "lw": 0.8, "alpha": 0.7, "zorder": 2}
        levels, values = zip(*points)
        shown = "_" + label if label in labels else label
        labels.add(label)
        # A single report is no line.
        marker = "o" if len(points) == 1 else ""
        ax.plot(levels, values, marker=marker, markersize=3, label=shown, **style)  # type: ignore[arg-type]
    ax.set_xlabel("resource")
    ax.set_ylabel(name)
    legend(ax)
    return ax


def slices(
    study: AnyStudy,
    params: Optional[Sequence[str]] = None,
    *,
    objective: Optional[str] = None,
    axes: Optional[Sequence[Axes]] = None,
) -> list[Axes]:
    """The objective of the completed trials over each parameter by itself; later trials are darker.

    params -- names; None: every parameter that varies
    objective -- its name; None: the first
    axes -- where to draw, one for each parameter; None: a new figure

    Returns a list of axes. Raises ValueError for unknown names, and where there is no trial with a value.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> import tunesmith, tunesmith.plot
    >>> space = tunesmith.Space().add_float("x", -1, 1).add_categorical("kind", ["a", "b"])
    >>> study = tunesmith.tune(lambda p: p["x"] ** 2, space, 10, strategy="random")
    >>> [axes.get_xlabel() for axes in tunesmith.plot.slices(study)]
    ['x', 'kind']
    """
    view = view_of(study)
    shown, scales = with_values(view, objective), scales_of(view, params)
    if axes is None:
        rows = math.ceil(len(scales) / 4)
        columns = math.ceil(len(scales) / max(1, rows))
        grid = pyplot.subplots(
            rows, columns, figsize=(3.2 * columns, 2.8 * rows), sharey=True, squeeze=False, layout="constrained"
        )[1]
        axes = list(grid.flat)
        for unused in axes[len(scales) :]:
            unused.remove()
        axes = axes[: len(scales)]
    for number, (ax, scale) in enumerate(zip(axes, scales)):
        active = sorted((t for t in shown.trials() if scale.name in t.params), key=lambda trial: trial.number)
        found = [(place_of(scale, trial.params), shown.number(trial), trial.number) for trial in active]
        ax.scatter(
            [point[0] for point in found], [point[1] for point in found], c=[point[2] for point in found],
            cmap="Blues", vmin=-0.4 * len(view.trials), vmax=len(view.trials), s=22, edgecolor="#33333366", lw=0.4,
        )  # fmt: skip
        scale_axis(ax, "x", scale)
        if number == 0 or ax.get_subplotspec() is None or ax.get_subplotspec().is_first_col():  # type: ignore
            ax.set_ylabel(shown.name)
    return list(axes)


def contour(
    study: AnyStudy,
    x: Optional[str] = None,
    y: Optional[str] = None,
    *,
    objective: Optional[str] = None,
    ax: Optional[Axes] = None,
) -> Axes:
    """The objective over two parameters, interpolated between the completed trials, which are dots; the best is a star.
    There is nothing between two words: where a parameter is categorical the dots have the colours.

    x, y -- names of two parameters; None: the first two that vary
    objective -- its name; None: the first
    ax -- where to draw; None: a new figure

    Raises ValueError for unknown names, and where fewer than three trials with different values of the two have a
    value: there is nothing to interpolate between.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> import tunesmith, tunesmith.plot
    >>> space = tunesmith.Space().add_float("x", -1, 1).add_float("y", 0.001, 1)
    >>> study = tunesmith.tune(lambda p: p["x"] ** 2 + p["y"], space, 20, strategy="random")
    >>> tunesmith.plot.contour(study, "x", "y").get_yscale()
    'log'
    """
    view = view_of(study)
    shown = with_values(view, objective)
    names = [scale.name for scale in scales_of(view, None)]
    rest = [name for name in names if name not in (x, y)]
    across, up = scales_of(view, [x or (rest.pop(0) if rest else ""), y or (rest.pop(0) if rest else "")])
    means: dict[tuple[float, float], list[float]] = {}
    for trial in shown.trials():
        place = across.position(trial.params), up.position(trial.params)
        if place[0] is not None and place[1] is not None:
            means.setdefault((place[0], place[1]), []).append(shown.number(trial))
    if len(means) < 3:
        raise ValueError(f'too few trials have a value and both "{across.name}" and "{up.name}"')
    points = numpy.array(list(means))
    values = numpy.array([numpy.mean(found) for found in means.values()])
    ax = axes_of(ax)
    colours = COLOURS + "_r" if shown.minimized else COLOURS
    # By quantiles: one bad trial would otherwise take all colours.
    levels = numpy.unique(numpy.quantile(values, numpy.linspace(0, 1, 15)))
    if across.is_ordered and up.is_ordered:
        dots: dict[str, Any] = {"s": 12, "color": "white", "edgecolor": "black", "lw": 0.6}
        coloured = len(levels) > 2 and surface_of(ax, across, up, points, values, levels, colours)
    else:
        dots = {"s": 40, "c": values, "cmap": colours, "edgecolor": "white", "lw": 0.5}
        if len(levels) > 2:
            dots["norm"] = BoundaryNorm(levels, 256)
    drawn = ax.scatter(points[:, 0], points[:, 1], zorder=3, **dots)
    if "c" in dots:
        coloured = drawn
    if coloured:
        bar = ax.figure.colorbar(coloured, ax=ax, label=shown.name, format="%.3g")
        if len(levels) > 2:
            bar.set_ticks(list(levels[:: max(1, len(levels) // 5)]))
    best = numpy.argmin(values) if shown.minimized else numpy.argmax(values)
    ax.plot(*points[best], "*", color=BEST, markersize=15, markeredgecolor="white", zorder=4)
    scale_axis(ax, "x", across)
    scale_axis(ax, "y", up)
    return ax


def parallel_coordinates(
    study: AnyStudy,
    params: Optional[Sequence[str]] = None,
    *,
    objective: Optional[str] = None,
    ax: Optional[Axes] = None,
) -> Axes:
    """A line for each completed trial through its values of all parameters to its objective, coloured by that. Where a
    parameter is not active the line has a gap.

    params -- names; None: every parameter that varies
    objective -- its name; None: the first
    ax -- where to draw; None: a new figure

    Raises ValueError for unknown names, and where there is no trial with a value.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> import tunesmith, tunesmith.plot
    >>> space = tunesmith.Space().add_float("x", -1, 1).add_categorical("kind", ["a", "b"])
    >>> study = tunesmith.tune(lambda p: p["x"] ** 2, space, 10, strategy="random")
    >>> [label.get_text() for label in tunesmith.plot.parallel_coordinates(study).get_xticklabels()]
    ['x', 'kind', 'value']
    """
    view = view_of(study)
    shown, scales = with_values(view, objective), scales_of(view, params)
    trials = shown.trials()
    values = [shown.number(trial) for trial in trials]
    least, most = min(values), max(values)
    ax = axes_of(ax, width=1.6 * (len(scales) + 1) + 1.5)
    colours = pyplot.get_cmap(COLOURS)
    order = {value: place for place, value in enumerate(sorted(set(values)))}
    for trial, value in zip(trials, values):
        height = 0.5 if least == most else (value - least) / (most - least)
        heights = [*(height_of(scale, trial.params) for scale in scales), height]
        rank = order[value] / max(1, len(order) - 1)
        best = trial is trials[-1]
        ax.plot(
            range(len(heights)), heights, color=BEST if best else colours(1 - rank if shown.minimized else rank),
            lw=2.4 if best else 1.0, alpha=1.0 if best else 0.65,
            label=f"trial {trial.number}, the best" if best else None,
        )  # fmt: skip
    for place, scale in enumerate(scales):
        vertical(ax, place, marks_of(scale))
    vertical(ax, len(scales), [(0.0, f"{least:.3g}"), (1.0, f"{most:.3g}")])
    ax.set_xticks(range(len(scales) + 1), [*(scale.name for scale in scales), shown.name])
    ax.set_xlim(-0.2, len(scales) + 0.35)
    ax.set_ylim(-0.04, 1.04)
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    ax.tick_params(axis="x", length=0, pad=8)
    legend(ax)
    return ax


def importance(
    study: AnyStudy,
    params: Optional[Sequence[str]] = None,
    *,
    objective: Optional[str] = None,
    ax: Optional[Axes] = None,
) -> Axes:
    """How much of the objective each parameter explains alone: the share of the variance of the completed trials' ranks
    between groups of trials with like values (epsilon squared), from 0 to 1.

    params -- names; None: every parameter that varies
    objective -- its name; None: the first
    ax -- where to draw; None: a new figure

    What parameters do only together is not seen, so that the shares need not add up to 1. It is about the values that
    were tried: where a search has stayed in a good region, what matters outside it shows less. Random trials say most.

    Raises ValueError for unknown names, and with fewer than 12 completed trials.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> import tunesmith, tunesmith.plot
    >>> space = tunesmith.Space().add_float("x", -1, 1).add_float("idle", -1, 1)
    >>> study = tunesmith.tune(lambda p: p["x"], space, 60, strategy="random")
    >>> axes = tunesmith.plot.importance(study)
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['idle', 'x']
    """
    view = view_of(study)
    shown, scales = Objective(view, objective), scales_of(view, params)
    if len(shown.trials()) < _LEAST_TRIALS:
        have = len(shown.trials())
        raise ValueError(f"too few completed trials, {have}, to say what matters; {_LEAST_TRIALS} will do")
    shares = sorted(importances(shown, scales).items(), key=lambda item: item[1])
    ax = axes_of(ax)
    bars = ax.barh([name for name, _ in shares], [share for _, share in shares], color=DOTS, height=0.6)
    ax.bar_label(bars, fmt="%.2f", padding=3)
    ax.set_xlim(0, 1.05)
    ax.set_xlabel(f"share of {shown.name} explained alone")
    return ax


def pareto_front(
    study: AnyStudy, objectives: Optional[Sequence[str]] = None, *, ax: Optional[Axes] = None
) -> Axes:
    """Two objectives against each other: all trials that have both, and those on the front.

    objectives -- two names; None: the first two
    ax -- where to draw; None: a new figure

    Raises ValueError for a study with one objective, or names that are not two of its objectives.

    >>> import matplotlib
    >>> matplotlib.use("Agg")
    >>> import tunesmith, tunesmith.plot
    >>> space = tunesmith.Space().add_float("x", 0, 1)
    >>> goals = {"loss": "minimize", "speed": "maximize"}
    >>> study = tunesmith.Study("s", space, objectives=goals, strategy="random")
    >>> for _ in range(10):
    ...     run = study.ask()
    ...     _ = study.tell(run, {"loss": run.params["x"], "speed": run.params["x"] ** 2})
    >>> axes = tunesmith.plot.pareto_front(study)
    >>> axes.get_xlabel(), axes.get_ylabel()
    ('loss (minimize)', 'speed (maximize)')
    """
    view = view_of(study)
    names = list(view.problem.objectives)[:2] if objectives is None else list(objectives)
    if len(set(names)) != 2:
        raise ValueError("a front is between two objectives; this study has " + ", ".join(view.problem.objectives))
    across, up = (Objective(view, name) for name in names)
    front = {trial.number for trial in view.front}
    ax = axes_of(ax)
    both = [trial for trial in view.trials if across.of(trial) is not None and up.of(trial) is not None]
    rest = [trial for trial in both if trial.number not in front]
    best = sorted((across.number(trial), up.number(trial)) for trial in both if trial.number in front)
    ax.scatter(
        [across.number(trial) for trial in rest], [up.number(trial) for trial in rest], s=18, color=REST, alpha=0.7,
        lw=0, label="trials",
    )  # fmt: skip
    if best:
        # With more objectives the front is no line in this plane.
        line = "-" if len(view.problem.objectives) == 2 else ""
        ax.plot(
            *zip(*best), line, drawstyle="steps-post" if across.minimized else "steps-pre", color=BEST, marker="o",
            markersize=5, lw=1.4, label="front",
        )  # fmt: skip
    ax.set_xlabel(f"{across.name} ({'minimize' if across.minimized else 'maximize'})")
    ax.set_ylabel(f"{up.name} ({'minimize' if up.minimized else 'maximize'})")
    legend(ax)
    return ax
