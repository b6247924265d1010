#!/usr/bin/env python3
"""Several objectives: hypervolume after 100 trials, tunesmith beside Optuna's samplers, as Markdown.

    PYTHONPATH=build/release/python python3 bench/quality/pareto.py [--problems zdt1,mlp_digits] [--seeds 0-4]

Needs numpy, and scikit-learn for the two tuning tasks; optuna (its GPSampler also torch) where it is to be compared.
Runs are kept in the file of --results and not repeated. All objectives are minimised; a hypervolume is given as the share
of what a known front has (zdt, dtlz) or of the box between the reference and the least conceivable values (tuning tasks).

Thresholds, checked at the end: tunesmith has the best mean rank, and on no problem is it behind the best other tuner by
more than two standard errors of the paired difference over seeds.
"""

import math
import sys

import numpy as np

import tasks
from comparison import Suite, optuna_tuner, random_tuner, tunesmith_tuner


def front_of(points):
    """Not dominated, of equal points one, by the first objective."""
    points = np.unique(np.asarray(points, dtype=float), axis=0)
    kept = [
        i for i, p in enumerate(points) if not np.any(np.all(points <= p, axis=1) & np.any(points < p, axis=1))
    ]
    return points[kept]


def hypervolume(points, reference):
    points = [p for p in points if np.all(np.asarray(p) < reference)]
    if not points:
        return 0.0
    points = front_of(points)
    if len(reference) == 2:
        right = np.append(points[1:, 0], reference[0])
        return float(np.sum((right - points[:, 0]) * (reference[1] - points[:, 1])))
    points = points[np.argsort(points[:, -1])]
    tops = np.append(points[1:, -1], reference[-1])
    return sum(
        (top - p[-1]) * hypervolume(points[: i + 1, :-1], reference[:-1])
        for i, (p, top) in enumerate(zip(points, tops))
        if top > p[-1]
    )


class Synthetic:
    bounds = ()

    def __init__(self, function, reference, front):
        self.space = [{"name": f"x{i}", "type": "float", "low": 0.0, "high": 1.0} for i in range(6)]
        self.function = function
        self.objectives = len(reference)
        self.reference = np.array(reference)
        self.whole = front if isinstance(front, float) else hypervolume(front, self.reference)

    def evaluate(self, params):
        return self.function(np.array([params[f"x{i}"] for i in range(6)]))


# Zitzler, Deb & Thiele, "Comparison of multiobjective evolutionary algorithms", Evol. Comp. 8, 2000.
def zdt(shape):
    def function(x):
        g = 1 + 9 * np.mean(x[1:])
        return [x[0], g * shape(x[0], g)]

    first = np.linspace(0, 1, 5001)
    return Synthetic(function, [1.1, 1.1], np.array([[f, shape(f, 1.0)] for f in first]))


# Deb et al., "Scalable multi-objective optimization test problems", CEC 2002.
def dtlz2():
    def function(x):
        g = 1 + np.sum((x[2:] - 0.5) ** 2)
        a, b = x[:2] * math.pi / 2
        return [g * math.cos(a) * math.cos(b), g * math.cos(a) * math.sin(b), g * math.sin(a)]

    return Synthetic(function, [1.1, 1.1, 1.1], 1.1**3 - math.pi / 6)


def with_reference(task, reference, least):
    task.objectives = len(reference)
    task.reference = np.array(reference)
    task.whole = float(np.prod(task.reference - np.array(least)))
    return task


PROBLEMS = {
    "zdt1": lambda: zdt(lambda f, g: 1 - math.sqrt(f / g)),
    "zdt2": lambda: zdt(lambda f, g: 1 - (f / g) ** 2),
    "zdt3": lambda: zdt(lambda f, g: 1 - math.sqrt(f / g) - f / g * math.sin(10 * math.pi * f)),
    "dtlz2": dtlz2,
    "forest_wine": lambda: with_reference(tasks.forest_wine(), [math.log(3), 3.5], [0, 0]),
    "mlp_digits": lambda: with_reference(tasks.mlp_digits(), [math.log(10), 5.5], [0, 2]),
}
TUNERS = {
    "tunesmith": (tunesmith_tuner(), ["tunesmith"]),
    "NSGA-II": (optuna_tuner(lambda samplers, seed, _: samplers.NSGAIISampler(seed=seed)), ["optuna"]),
    "TPE": (optuna_tuner(lambda samplers, seed, _: samplers.TPESampler(seed=seed, multivariate=True)), ["optuna"]),
    "GPSampler": (optuna_tuner(lambda samplers, seed, _: samplers.GPSampler(seed=seed)), ["optuna", "torch"]),
    "random": (random_tuner(), ["optuna"]),
}


def share(problem, values):
    return hypervolume(values, problem.reference) / problem.whole


if __name__ == "__main__":
    figures = {"Share of the hypervolume after 100 trials": share}
    sys.exit(Suite(__doc__, PROBLEMS, TUNERS, figures, trials=100, larger_is_better=True).main())
