#!/usr/bin/env python3
"""Single strategies beside their best-known implementation elsewhere: tunesmith's tpe and Optuna's multivariate TPE,
tunesmith's cma_es and Optuna's CmaEsSampler with margin, on the same problems and seeds.

    PYTHONPATH=build/release/python python3 bench/quality/strategies.py [--problems hartmann6,mixed8] [--seeds 0-4]

Needs numpy, scikit-learn for the tuning task, and optuna; its CmaEsSampler also cmaes, and is left out without it.
Figures: log10 of the regret of the best of 100 and of 300 trials (not below -10; of the tuning task: of the share of the
variance that is left). Shifts and rotations are drawn once for each problem.

Threshold, checked at the end for each pair and figure: of the runs (problem, seed), ours is better in at least half (a tie
is half), less two standard errors over the problems. Problems where it is behind by more than two standard errors of the
paired difference over seeds are named too.
"""

import math
import statistics
import sys

import numpy as np

from comparison import Suite, error, optuna_tuner, tunesmith_tuner
from tasks import BRANCHES, algorithm_choice


class Synthetic:
    """`function` of an array in a box is least, with 0, at `function.centre`, which lies at a drawn place of the box."""

    objectives = 1
    bounds = ()

    def __init__(self, name, dimension, function, half, centre=0.0, turned=False):
        stream = np.random.default_rng([ord(letter) for letter in name])
        self.space = [
            {"name": f"x{i}", "type": "float", "low": -half, "high": half} for i in range(dimension)
        ]
        self.function = function
        self.shift = stream.uniform(-0.6, 0.6, dimension) * half
        self.centre = centre
        normal = stream.standard_normal((dimension, dimension))
        self.rotation = np.linalg.qr(normal)[0] if turned else np.eye(dimension)

    def evaluate(self, params):
        x = np.array([params[p["name"]] for p in self.space])
        return [float(self.function(self.rotation @ (x - self.shift) + self.centre))]


def ellipsoid(x):
    return np.sum(10 ** (4 * np.arange(len(x)) / (len(x) - 1)) * x**2)


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def ackley(x):
    waves = math.exp(np.mean(np.cos(2 * math.pi * x)))
    return 20 - 20 * math.exp(-0.2 * math.sqrt(np.mean(x**2))) + math.e - waves


def rastrigin(x):
    return np.sum(x**2 - 10 * np.cos(2 * math.pi * x) + 10)


class Hartmann6:
    """Dixon & Szegö, "Towards global optimisation 2", 1978."""

    objectives = 1
    bounds = ()
    space = [{"name": f"x{i}", "type": "float", "low": 0.0, "high": 1.0} for i in range(6)]
    least = -3.322368
    heights = np.array([1.0, 1.2, 3.0, 3.2])
    scales = np.array(
        [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
    )
    peaks = 1e-4 * np.array(
        [
            [1312, 1696, 5569, 124, 8283, 5886],
            [2329, 4135, 8307, 3736, 1004, 9991],
            [2348, 1451, 3522, 2883, 3047, 6650],
            [4047, 8828, 8732, 5743, 1091, 381],
        ]
    )

    def evaluate(self, params):
        x = np.array([params[p["name"]] for p in self.space])
        wells = np.exp(-np.sum(self.scales * (x - self.peaks) ** 2, axis=1))
        return [float(-self.heights @ wells - self.least)]


class Mixed8:
    """A bowl in three floats, one of them on a logarithm, two ints and three categoricals that move its bottom."""

    objectives = 1
    bounds = ()
    space = [
        {"name": "a", "type": "float", "low": 0.0, "high": 1.0},
        {"name": "b", "type": "float", "low": 0.0, "high": 1.0},
        {"name": "rate", "type": "float", "low": 1e-5, "high": 1e-1, "scale": "log"},
        {"name": "width", "type": "int", "low": 1, "high": 256, "scale": "log"},
        {"name": "layers", "type": "int", "low": 1, "high": 8},
        {"name": "kind", "type": "cat", "choices": ["p", "q", "r"]},
        {"name": "shape", "type": "cat", "choices": ["u", "v", "w", "x", "y"]},
        {"name": "extra", "type": "cat", "choices": [True, False]},
    ]

    def evaluate(self, p):
        kind = {"p": 0.0, "q": 0.15, "r": 0.4}[p["kind"]]
        shape = {"u": 0.3, "v": 0.0, "w": 0.1, "x": 0.45, "y": 0.2}[p["shape"]]
        rate = math.log10(p["rate"]) + (3.2 if p["extra"] else 2.2)
        bowl = (p["a"] - 0.7 + kind) ** 2 + (p["b"] - 0.2 - kind) ** 2 + 0.3 * (p["a"] - p["b"] - 0.5) ** 2
        steps = 0.05 * (math.log2(p["width"]) - 5) ** 2 + 0.04 * (p["layers"] - 3) ** 2
        return [bowl + 0.3 * rate**2 + steps + kind + shape + 0.1 * (not p["extra"])]


def svm_diabetes(data="diabetes"):
    task = algorithm_choice(["svm"], data, regression=True)
    evaluate = task.evaluate
    task.space = BRANCHES["svm"]
    task.evaluate = lambda params: evaluate({"algorithm": "svm", **params})
    return task


PROBLEMS = {
    "ellipsoid5": lambda: Synthetic("ellipsoid5", 5, ellipsoid, 5.0, turned=True),
    "rosenbrock4": lambda: Synthetic("rosenbrock4", 4, rosenbrock, 2.0, centre=1.0),
    "ackley8": lambda: Synthetic("ackley8", 8, ackley, 16.0, turned=True),
    "rastrigin4": lambda: Synthetic("rastrigin4", 4, rastrigin, 5.0),
    "hartmann6": Hartmann6,
    "mixed8": Mixed8,
    "svm_diabetes": svm_diabetes,
}
TUNERS = {
    "tpe": (tunesmith_tuner("tpe"), ["tunesmith"]),
    "Optuna TPE": (
        optuna_tuner(lambda samplers, seed, _: samplers.TPESampler(seed=seed, multivariate=True)),
        ["optuna"],
    ),
    "cma_es": (tunesmith_tuner("cma_es"), ["tunesmith"]),
    "Optuna CMA-ES": (
        optuna_tuner(
            lambda samplers, seed, _: samplers.CmaEsSampler(
                seed=seed, with_margin=True, warn_independent_sampling=False
            )
        ),
        ["optuna", "cmaes"],
    ),
}
PAIRS = [("tpe", "Optuna TPE"), ("cma_es", "Optuna CMA-ES")]


class Pairs(Suite):
    def judge(self, runs, options, figure, means):
        failures = []
        for ours, theirs in PAIRS:
            if ours not in means or theirs not in means:
                continue
            shares = []
            for problem in options.problems:
                gaps = [runs[problem, theirs, s][figure] - runs[problem, ours, s][figure] for s in options.seeds]
                shares.append(statistics.mean((gap > 0) + 0.5 * (gap == 0) for gap in gaps))
            share, spread = statistics.mean(shares), error(shares)
            print(f"{ours} better than {theirs} in {share:.2f} ± {spread:.2f} of the runs.")
            for sentence in self.behind(runs, options, figure, ours, [theirs]):
                print(sentence + ".")
            if share < 0.5 - 2 * spread:
                failures.append(f"{figure}: {ours} worse than {theirs} in more than half of the runs")
        print()
        return failures


def regret_after(trials):
    return lambda problem, values: math.log10(max(1e-10, min(value for value, *_ in values[:trials])))


if __name__ == "__main__":
    figures = {f"log10 regret after {trials} trials": regret_after(trials) for trials in (100, 300)}
    sys.exit(Pairs(__doc__, PROBLEMS, TUNERS, figures, trials=300).main())
