#!/usr/bin/env python3
"""Outcome constraints: feasible regret after 60 and 100 trials, tunesmith beside Optuna's TPE and random search.

    PYTHONPATH=build/release/python python3 bench/quality/constraints.py [--problems gardner1,spring] [--seeds 0-4]

Needs numpy, scikit-learn for the tuning task, and optuna for the others; its TPE is given constraints_func. Figures: the
best feasible value less the least, as a share of a ceiling less the least; 1 while nothing feasible was found or nothing
below the ceiling (of gardner1 and 2: the largest value; of the designs: ten and five times the least; of the tuning
task: the log loss of a guess, its least counted as 0).

Thresholds, checked at the end for each figure: tunesmith has the best mean rank, and on no problem is it behind the best
other tuner by more than two standard errors of the paired difference over seeds.
"""

import math
import sys

import numpy as np

import tasks
from comparison import Suite, optuna_tuner, random_tuner, tunesmith_tuner


class Problem:
    """One objective; the other values of `evaluate` are feasible up to `bounds`."""

    objectives = 1

    def __init__(self, space, bounds, evaluate, least, ceiling):
        self.space = space
        self.bounds = bounds
        self.evaluate = evaluate
        self.least = least
        self.ceiling = ceiling

    def regret(self, values):
        feasible = [v for v, *rest in values if all(r <= bound for r, bound in zip(rest, self.bounds, strict=True))]
        best = min([self.ceiling, *feasible])
        return (best - self.least) / (self.ceiling - self.least)


# Gardner et al., "Bayesian optimization with inequality constraints", ICML 2014, section 4.1.
def gardner(objective, constraint, bound):
    least, ceiling = math.inf, -math.inf
    centre, half = (3, 3), 3
    while half > 1e-6:  # grids, each about the best point of the one before
        x, y = np.meshgrid(*(np.clip(np.linspace(c - half, c + half, 601), 0, 6) for c in centre))
        z = objective(x, y)
        ceiling = max(ceiling, float(z.max()))
        z = np.where(constraint(x, y) <= bound, z, np.inf)
        best = np.unravel_index(np.argmin(z), z.shape)
        least, centre, half = float(z[best]), (x[best], y[best]), half / 10
    space = [{"name": name, "type": "float", "low": 0.0, "high": 6.0} for name in "xy"]
    evaluate = lambda p: [objective(p["x"], p["y"]), constraint(p["x"], p["y"])]
    return Problem(space, [bound], evaluate, least, ceiling)


def gardner1():
    return gardner(lambda x, y: np.cos(2 * x) * np.cos(y) + np.sin(x), lambda x, y: np.cos(x + y), 0.5)


def gardner2():
    return gardner(lambda x, y: np.sin(x) + y, lambda x, y: np.sin(x) * np.sin(y), -0.95)


# Arora, "Introduction to optimum design", 1989; the least as in Coello, Computers in Industry 41, 2000, and after.
def spring():
    def evaluate(p):
        wire, coil, turns = p["wire"], p["coil"], p["turns"]
        return [
            (turns + 2) * coil * wire**2,
            1 - coil**3 * turns / (71785 * wire**4),
            (4 * coil**2 - wire * coil) / (12566 * (coil * wire**3 - wire**4)) + 1 / (5108 * wire**2) - 1,
            1 - 140.45 * wire / (coil**2 * turns),
            (wire + coil) / 1.5 - 1,
        ]

    space = [
        {"name": "wire", "type": "float", "low": 0.05, "high": 0.2},
        {"name": "coil", "type": "float", "low": 0.25, "high": 1.3},
        {"name": "turns", "type": "float", "low": 2.0, "high": 15.0},
    ]
    return Problem(space, [0.0] * 4, evaluate, 0.012665, 0.12665)


# Kannan & Kramer, J. Mech. Des. 116, 1994: plates in steps of 1/16 inch; the least as in Coello, 2000, and after.
def vessel():
    def evaluate(p):
        shell, head, radius, length = p["shell"] / 16, p["head"] / 16, p["radius"], p["length"]
        return [
            0.6224 * shell * radius * length
            + 1.7781 * head * radius**2
            + 3.1661 * shell**2 * length
            + 19.84 * shell**2 * radius,
            0.0193 * radius - shell,
            0.00954 * radius - head,
            1296000 - math.pi * radius**2 * (length + 4 / 3 * radius),
        ]

    space = [
        {"name": "shell", "type": "int", "low": 1, "high": 99},
        {"name": "head", "type": "int", "low": 1, "high": 99},
        {"name": "radius", "type": "float", "low": 10.0, "high": 200.0},
        {"name": "length", "type": "float", "low": 10.0, "high": 200.0},
    ]
    return Problem(space, [0.0] * 3, evaluate, 6059.714, 5 * 6059.714)


def mlp_digits():
    """Log loss, weights times epochs at most 10,000; the largest network for all epochs takes 250,000."""
    task = tasks.mlp_digits()
    return Problem(task.space, [4.0], task.evaluate, 0.0, math.log(10))


PROBLEMS = {"gardner1": gardner1, "gardner2": gardner2, "spring": spring, "vessel": vessel, "mlp_digits": mlp_digits}
TUNERS = {
    "tunesmith": (tunesmith_tuner(), ["tunesmith"]),
    "TPE": (
        optuna_tuner(lambda samplers, seed, excesses: samplers.TPESampler(seed=seed, constraints_func=excesses)),
        ["optuna"],
    ),
    "random": (random_tuner(), ["optuna"]),
}


def regret_after(trials):
    return lambda problem, values: problem.regret(values[:trials])


if __name__ == "__main__":
    figures = {f"Feasible regret after {trials} trials": regret_after(trials) for trials in (60, 100)}
    sys.exit(Suite(__doc__, PROBLEMS, TUNERS, figures, trials=100).main())
