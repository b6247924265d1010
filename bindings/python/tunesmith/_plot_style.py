"""How the plots look: axes, legends, scales and colours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Optional

import numpy
from matplotlib import pyplot, tri
from matplotlib.colors import BoundaryNorm

from ._plot_data import Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Distinct in grey and for colour-blind readers (Okabe and Ito).
DOTS, BEST, BAD, REST = "#0072B2", "#D55E00", "#CC79A7", "#999999"
COLOURS = "viridis"


def axes_of(ax: Optional[Axes], width: float = 6.4) -> Axes:
    if ax is not None:
        return ax
    made = pyplot.subplots(figsize=(width, 4.2), layout="constrained")[1]
    made.spines[["top", "right"]].set_visible(False)
    return made


def legend(ax: Axes) -> None:
    """Above, where it hides nothing."""
    ax.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 1), ncols=4, borderaxespad=0.2)


def scale_axis(ax: Axes, axis: str, scale: Scale) -> None:
    which = ax.xaxis if axis == "x" else ax.yaxis
    if scale.choices:
        which.set_ticks(range(len(scale.choices)), [str(choice) for choice in scale.choices])
        ax.set(**{f"{axis}lim": (scale.least, scale.most)})
    elif scale.is_log:
        ax.set(**{f"{axis}scale": "log"})
    ax.set(**{f"{axis}label": scale.name})


def place_of(scale: Scale, params: dict[str, Any]) -> float:
    position = scale.position(params)
    return math.nan if position is None else position


def height_of(scale: Scale, params: dict[str, Any]) -> float:
    return scale.unit(place_of(scale, params)) if scale.name in params else math.nan


def marks_of(scale: Scale) -> list[tuple[float, str]]:
    if scale.choices:
        return [(scale.unit(place), str(choice)) for place, choice in enumerate(scale.choices)]
    return [(0.0, f"{scale.least:.4g}"), (1.0, f"{scale.most:.4g}")]


def vertical(ax: Axes, place: int, marks: list[tuple[float, str]]) -> None:
    ax.axvline(place, color="black", lw=0.8, zorder=5)
    for height, words in marks:
        ax.annotate(
            words, (place, height), xytext=(4, 0), textcoords="offset points", va="center", fontsize=8, zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.7, "pad": 0.8},
        )  # fmt: skip


def surface_of(ax: Axes, across: Scale, up: Scale, points: Any, values: Any, levels: Any, colours: str) -> Any:
    unit = numpy.array([(across.unit(x), up.unit(y)) for x, y in points])
    try:
        # Neighbours as a reader sees them, whatever the axes' scales.
        triangles = tri.Triangulation(unit[:, 0], unit[:, 1])
    except (RuntimeError, ValueError):
        raise ValueError(f'the trials with "{across.name}" and "{up.name}" are all on one line') from None
    flat = tri.TriAnalyzer(triangles).get_flat_tri_mask(0.01)
    surface = tri.Triangulation(points[:, 0], points[:, 1], triangles.triangles, mask=None if flat.all() else flat)
    return ax.tricontourf(surface, values, levels=levels, cmap=colours, norm=BoundaryNorm(levels, 256))
