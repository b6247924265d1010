#!/usr/bin/env python3
"""Warm start: a study that begins from earlier ones, beside the same study alone.

    PYTHONPATH=build/release/python python3 bench/quality/warm_start.py [--problems hartmann6,svm_diabetes] [--seeds 0-7]

Needs numpy, and scikit-learn for the two tuning tasks. Earlier studies have 50 trials by `tpe`, with seeds of their own:
- useful: the function shifted by up to 5 % of each range, or the same model on other data;
- unrelated: a quadratic function about a drawn point;
- negated: what is good looked bad; opposite: the same function with every range turned round;
- mixed: a useful, an unrelated and a negated one.
"useful 3" begins from three of the kind. Figures: the best value after 10, 20 and 50 trials (synthetic functions: log10 of
the regret).

Thresholds, checked at the end for each figure over the runs (problem, seed), a tie counting half: with useful parents a
study is better than alone in more than half of them (after 50 trials: not fewer) by two standard errors over the
problems; with unrelated, negated, opposite or mixed ones in no fewer than half less two standard errors. Problems
where a kind is behind by more than two standard errors of the paired difference over seeds are named too.
"""

import math
import statistics
import sys

import numpy as np

from comparison import Suite, error, tunesmith_space, tunesmith_tuner
from strategies import Hartmann6, Mixed8, Synthetic, rosenbrock, svm_diabetes
from tasks import algorithm_choice, sgd

EARLIER_TRIALS = 50
KINDS = ["useful", "unrelated", "negated", "opposite"]


def scales(parameter):
    return (math.log, math.exp) if parameter.get("scale") == "log" else (float, float)


def place(parameter, value):
    """Where a value stands in its range, from 0 to 1."""
    if parameter["type"] == "cat":
        return parameter["choices"].index(value) / (len(parameter["choices"]) - 1)
    scale, _ = scales(parameter)
    low, high = scale(parameter["low"]), scale(parameter["high"])
    return (scale(value) - low) / (high - low)


def value_at(parameter, place):
    place = min(max(place, 0), 1)
    if parameter["type"] == "cat":
        return parameter["choices"][round(place * (len(parameter["choices"]) - 1))]
    scale, back = scales(parameter)
    low, high = scale(parameter["low"]), scale(parameter["high"])
    value = min(max(back(low + place * (high - low)), parameter["low"]), parameter["high"])
    return round(value) if parameter["type"] == "int" else value


def moved(problem, move):
    """The function where place(i) of the i-th parameter is move(place, i) instead."""

    def evaluate(params):
        changed = {
            p["name"]: value_at(p, move(place(p, params[p["name"]]), i))
            for i, p in enumerate(problem.space)
            if p["name"] in params
        }
        return problem.evaluate(changed)

    return evaluate


def bowl(problem, stream):
    centre = stream.uniform(0, 1, len(problem.space))
    weights = stream.uniform(0.2, 1, len(problem.space))
    terms = list(zip(problem.space, centre, weights, strict=True))
    return lambda params: [
        sum(w * (place(p, params[p["name"]]) - c) ** 2 for p, c, w in terms if p["name"] in params)
    ]


def earlier_function(problem, kind, seed, number):
    stream = np.random.default_rng([seed, number])
    if kind == "unrelated":
        return bowl(problem, stream)
    if kind == "negated":
        return lambda params: [-problem.evaluate(params)[0]]
    if kind == "opposite":
        return moved(problem, lambda place, _: 1 - place)
    if hasattr(problem, "related"):
        return problem.related[number].evaluate
    shifts = stream.uniform(-0.05, 0.05, len(problem.space))
    return moved(problem, lambda place, i: place + shifts[i])


def earlier_studies(kinds):
    def parents(problem, seed):
        import tunesmith

        studies = []
        for number, kind in enumerate(kinds):
            evaluate = earlier_function(problem, kind, seed, number)
            space = tunesmith_space(problem.space)
            own_seed = 1000 + 10 * seed + number
            study = tunesmith.Study("earlier", space, metric="value", seed=own_seed, strategy="tpe")
            for _ in range(EARLIER_TRIALS):
                run = study.ask()
                study.tell(run, evaluate(run.params)[0])
            studies.append(study)
        return studies

    return parents


def with_related(task, *related):
    task.related = related
    return task


def friedman(which):
    """442 rows, as of diabetes."""

    def load(return_X_y):
        from sklearn import datasets

        return getattr(datasets, f"make_friedman{which}")(442, noise=0.5, random_state=which)

    return svm_diabetes(load)


PROBLEMS = {
    "hartmann6": Hartmann6,
    "rosenbrock4": lambda: Synthetic("rosenbrock4", 4, rosenbrock, 2.0, centre=1.0),
    "mixed8": Mixed8,
    "svm_diabetes": lambda: with_related(svm_diabetes(), *(friedman(which) for which in (1, 2, 3))),
    "sgd_cancer": lambda: with_related(*(sgd(data) for data in ("breast_cancer", "wine", "digits", "iris"))),
}
STARTS = {"alone": []}
for kind in KINDS:
    STARTS |= {f"{kind} {count}": [kind] * count for count in (1, 3)}
STARTS["mixed 3"] = ["useful", "unrelated", "negated"]
TUNERS = {name: (tunesmith_tuner(parents=earlier_studies(kinds)), ["tunesmith"]) for name, kinds in STARTS.items()}


class Starts(Suite):
    def judge(self, runs, options, figure, means):
        failures = []
        for start in [name for name in options.tuners if name != "alone"]:
            shares = []
            for problem in options.problems:
                gaps = [runs[problem, "alone", s][figure] - runs[problem, start, s][figure] for s in options.seeds]
                shares.append(statistics.mean((gap > 0) + 0.5 * (gap == 0) for gap in gaps))
            share, spread = statistics.mean(shares), error(shares)
            print(f"{start} better than alone in {share:.2f} ± {spread:.2f} of the runs.")
            for sentence in self.behind(runs, options, figure, start, ["alone"]):
                print(sentence + ".")
            early_use = start.startswith("useful") and str(self.trials) not in figure
            if share < 0.5 + (2 * spread if early_use else -2 * spread):
                failures.append(f"{figure}: {start} better in {share:.2f} ± {spread:.2f} of the runs")
        print()
        return failures


def best_after(trials):
    return lambda problem, values: math.log10(max(1e-10, min(value for value, *_ in values[:trials])))


if __name__ == "__main__":
    figures = {f"log10 of the best value after {trials} trials": best_after(trials) for trials in (10, 20, 50)}
    sys.exit(Starts(__doc__, PROBLEMS, TUNERS, figures, trials=50).main())
