#!/usr/bin/env python3
"""Parallel workers with stragglers: every worker asks for a trial, runs it, tells its value and asks again.

    PYTHONPATH=build/release/python python3 bench/quality/workers.py [--problems hartmann6,mixed8] [--seeds 0-2]

Needs numpy and Optuna. Durations are simulated: log-normal with median 1 and a deviation of the logarithm of 0.5; one
trial in ten is a straggler that takes ten times as long. They depend on the seed and on the trial's number alone, so that
all tuners meet the same. A run ends when 128 trials have. Figures: log10 of the regret (not below -6) of the best of the
first 64 and 128 trials that ended, and CPU milliseconds that the tuner took per trial.
"""

import argparse
import heapq
import math
import statistics
import time
import warnings

import numpy as np

from comparison import error, seeds_of, tunesmith_space
from strategies import PROBLEMS

WORKERS = [1, 8, 32, 64]
ENDED = [64, 128]


class Tunesmith:
    def __init__(self, problem, seed):
        import tunesmith

        self.study = tunesmith.Study(
            "workers", tunesmith_space(problem.space), objectives={"f": "minimize"}, seed=seed, strategy="bayesian"
        )

    def ask(self):
        return self.study.ask()

    def tell(self, run, value):
        self.study.tell(run, value)


class Optuna:
    def __init__(self, problem, sampler):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        self.space = problem.space
        self.study = optuna.create_study(sampler=sampler(optuna.samplers))

    def ask(self):
        trial = self.study.ask()
        for p in self.space:
            if p["type"] == "cat":
                trial.suggest_categorical(p["name"], p["choices"])
            else:
                suggest = trial.suggest_int if p["type"] == "int" else trial.suggest_float
                suggest(p["name"], p["low"], p["high"], log=p.get("scale") == "log")
        return trial

    def tell(self, trial, value):
        self.study.tell(trial, value)


def optuna_tpe(problem, seed):
    return Optuna(problem, lambda s: s.TPESampler(seed=seed, multivariate=True, constant_liar=True))


def random(problem, seed):
    return Optuna(problem, lambda s: s.RandomSampler(seed=seed))


TUNERS = {"tunesmith": Tunesmith, "Optuna TPE, constant liar": optuna_tpe, "random": random}


def durations(seed):
    stream = np.random.default_rng([seed, 1])
    while True:
        yield math.exp(0.5 * stream.standard_normal()) * (10 if stream.uniform() < 0.1 else 1)


def run(problem, make, workers, seed):
    """Values in the order in which trials end, and CPU seconds of the tuner."""
    tuner = make(problem, seed)
    takes = durations(seed)
    busy = []
    values = []
    now = inside = 0.0
    number = 0
    while len(values) < ENDED[-1]:
        start = time.process_time()
        while len(busy) < workers:
            heapq.heappush(busy, (now + next(takes), number, tuner.ask()))
            number += 1
        inside += time.process_time() - start
        now, _, trial = heapq.heappop(busy)
        values.append(problem.evaluate(trial.params)[0])
        start = time.process_time()
        tuner.tell(trial, values[-1])
        inside += time.process_time() - start
    return values, inside / number


def main():
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=formatter)
    parser.add_argument("--problems", default="hartmann6,rosenbrock4,mixed8")
    parser.add_argument("--seeds", type=seeds_of, default="0-2", help="FIRST-LAST")
    options = parser.parse_args()
    names = options.problems.split(",")
    print("| workers | tuner |", " | ".join(f"{n}, {ended}" for n in names for ended in ENDED), "| CPU ms per trial |")
    print("|" + "---|" * (3 + len(ENDED) * len(names)))
    for workers in WORKERS:
        for tuner, make in TUNERS.items():
            cells = []
            spent = []
            for name in names:
                problem = PROBLEMS[name]()
                runs = [run(problem, make, workers, seed) for seed in options.seeds]
                spent += [1e3 * seconds for _, seconds in runs]
                for ended in ENDED:
                    regrets = [math.log10(max(min(values[:ended]), 1e-6)) for values, _ in runs]
                    cells.append(f"{statistics.mean(regrets):.2f} ± {error(regrets):.2f}")
            print(f"| {workers} | {tuner} |", " | ".join(cells), f"| {statistics.mean(spent):.1f} |", flush=True)


if __name__ == "__main__":
    main()
