#!/usr/bin/env python3
"""A choice of algorithm, each of three with parameters of its own: tunesmith beside Optuna's TPE, SMAC3 and random search.

    PYTHONPATH=build/release/python python3 bench/quality/conditional.py [--problems diabetes,digits] [--seeds 0-4]

Needs scikit-learn, and optuna for the others. Optuna's side is define-by-run: a parameter of a branch is asked for only
when the branch is taken; "TPE grouped" is its multivariate, group=True. SMAC3 is its facade for hyperparameter tuning.
Figures: the least held-out error rate (diabetes: share of the variance left) after 30 and 60 trials.

Thresholds, checked at the end for each figure: tunesmith has the best mean rank, and on no problem is it behind the best
other tuner by more than two standard errors of the paired difference over seeds.
"""

import sys

from comparison import Suite, optuna_tuner, random_tuner, smac_tuner, tunesmith_tuner
from tasks import algorithm_choice

PROBLEMS = {
    "diabetes": lambda: algorithm_choice(["svm", "forest", "mlp"], "diabetes", regression=True),
    "digits": lambda: algorithm_choice(["svm", "forest", "knn"], "digits", 600),
    "cancer": lambda: algorithm_choice(["svm", "forest", "mlp"], "breast_cancer"),
}
TUNERS = {
    "tunesmith": (tunesmith_tuner(), ["tunesmith"]),
    "TPE": (optuna_tuner(lambda samplers, seed, _: samplers.TPESampler(seed=seed)), ["optuna"]),
    "TPE grouped": (
        optuna_tuner(lambda samplers, seed, _: samplers.TPESampler(seed=seed, multivariate=True, group=True)),
        ["optuna"],
    ),
    "SMAC3": (smac_tuner(), ["smac"]),
    "random": (random_tuner(), ["optuna"]),
}


def best_after(trials):
    return lambda problem, values: min(value for value, *_ in values[:trials])


if __name__ == "__main__":
    figures = {f"Best value after {trials} trials": best_after(trials) for trials in (30, 60)}
    sys.exit(Suite(__doc__, PROBLEMS, TUNERS, figures, trials=60).main())
