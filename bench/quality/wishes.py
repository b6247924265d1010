#!/usr/bin/env python3
"""What users may tell beside the space: where good values probably are, and what trials cost.

    PYTHONPATH=build/release/python python3 bench/quality/wishes.py priors [--problems hartmann6] [--seeds 0-9]
    PYTHONPATH=build/release/python python3 bench/quality/wishes.py costs [--problems hartmann6_cheap] [--seeds 0-9]

Needs numpy. Functions with a known optimum; figures are log10 of the regret.

priors: without a prior, with a right one (each number's lies a tenth of the range off, drawn; the right choice has five
times the weight of another) and with a wrong one (half a range off; the weight on another choice), after 20 and 60
trials. Thresholds, over the runs (problem, seed): a right prior is better than none in more than half of them by two
standard errors over the problems, after 20 and 60 trials; after 60 trials a wrong one has cost at most 20 of them: it is
not behind where the study without a prior was after 40, on any problem, by more than two standard errors.

costs: costs vary 30-fold with one parameter, and the optimum lies where trials are cheap, dear or in between. Plain and
cost-aware studies at equal total cost, a third and all of 40 trials of the mean cost; what was running when the money
was spent does not count. Thresholds: the cost-aware study is better in more than half of the runs by two standard errors
after a third; after all the money not worse in more than half of them.
"""

import math
import statistics
import sys

import numpy as np

from comparison import Suite, error, tunesmith_space
from strategies import Hartmann6, Mixed8, Synthetic, ackley, rosenbrock
from warm_start import place, value_at

SPREAD = 0.15
FOLD = 30
MEAN_TRIALS = 40


def with_optimum(problem, best):
    problem.best = best
    return problem


def centred(problem):
    return with_optimum(problem, {p["name"]: float(x) for p, x in zip(problem.space, problem.shift, strict=True)})


def hartmann6():
    at = [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573]
    return with_optimum(Hartmann6(), {f"x{i}": x for i, x in enumerate(at)})


def mixed8():
    best = {"a": 0.7, "b": 0.2, "rate": 10**-3.2, "width": 32, "layers": 3, "kind": "p", "shape": "v", "extra": True}
    return with_optimum(Mixed8(), best)


def prior_of(parameter, best, kind, stream):
    if parameter["type"] == "cat":
        choices = parameter["choices"]
        chosen = (choices.index(best) + (kind == "wrong")) % len(choices)
        return {"weights": [5 if i == chosen else 1 for i in range(len(choices))]}
    at = place(parameter, best)
    if kind == "wrong":
        at += 0.5 if at < 0.5 else -0.5
    else:
        at += 0.1 * stream.choice([-1, 1])
    return {"near": value_at(parameter, at), "spread": SPREAD}


def with_prior(kind, strategy=None):
    def tuner(problem, seed, trials):
        import tunesmith

        stream = np.random.default_rng([seed, 77])
        space = tunesmith.Space()
        plain = tunesmith_space(problem.space)
        for p in problem.space:
            prior = prior_of(p, problem.best[p["name"]], kind, stream) if kind else None
            if p["type"] == "cat":
                space.add_categorical(p["name"], p["choices"], prior=prior)
            else:
                add = space.add_int if p["type"] == "int" else space.add_float
                add(p["name"], p["low"], p["high"], scale=p.get("scale", "linear"), prior=prior)
        study = tunesmith.Study("wishes", space if kind else plain, metric="value", seed=seed, strategy=strategy)
        study.set_budget(max_trials=trials)

        def step(evaluate):
            run = study.ask()
            study.tell(run, evaluate(run.params)[0])

        return step

    return tuner


class Costly:
    """Of a problem, a trial that costs FOLD ** share(params)."""

    objectives = 1
    bounds = ()

    def __init__(self, problem, share):
        self.space = problem.space
        self.problem = problem
        self.share = share
        self.money = MEAN_TRIALS * (FOLD - 1) / math.log(FOLD)

    def evaluate(self, params):
        return [self.problem.evaluate(params)[0], FOLD ** self.share(params)]


def place_in(problem, name, turned=False):
    parameter = next(p for p in problem.space if p["name"] == name)
    return lambda params: (1 - place(parameter, params[name])) if turned else place(parameter, params[name])


def costly(make, name, turned=False):
    def made():
        problem = make()
        return Costly(problem, place_in(problem, name, turned))

    return made


def by_cost(aware):
    def tuner(problem, seed, trials):
        import tunesmith

        cost = {"cost": {"metric": "cost"}} if aware else {}
        study = tunesmith.Study("wishes", tunesmith_space(problem.space), metric="value", seed=seed, **cost)
        if aware:
            study.set_budget(max_cost=problem.money)
        spent = 0

        def step(evaluate):
            nonlocal spent
            if spent >= problem.money:
                return
            run = study.ask()
            value, price = evaluate(run.params)
            spent += price
            study.tell(run, {"value": value, "cost": price})

        return step

    return tuner


def regret_after(trials):
    return lambda problem, values: math.log10(max(1e-10, min(value for value, *_ in values[:trials])))


def regret_for(share):
    def figure(problem, values):
        spent = np.cumsum([price for _, price in values])
        paid = [value for (value, _), total in zip(values, spent) if total <= share * problem.money]
        return math.log10(max(1e-10, min(paid, default=10.0)))

    return figure


class Wishes(Suite):
    def better(self, runs, options, ours, figure, theirs, theirs_figure):
        """Share of the runs, and its standard error over problems."""
        shares = []
        for problem in options.problems:
            gaps = [runs[problem, theirs, s][theirs_figure] - runs[problem, ours, s][figure] for s in options.seeds]
            shares.append(statistics.mean((gap > 0) + 0.5 * (gap == 0) for gap in gaps))
        share, spread = statistics.mean(shares), error(shares)
        print(f"{ours}, {figure}: better than {theirs}, {theirs_figure}, in {share:.2f} ± {spread:.2f} of the runs.")
        return share, spread


class Priors(Wishes):
    def judge(self, runs, options, figure, means):
        failures = []
        for mark in ("", "tpe "):
            none, right, wrong = mark + "none", mark + "right", mark + "wrong"
            if not {none, right, wrong} <= means.keys() or "40" in figure:
                continue
            share, spread = self.better(runs, options, right, figure, none, figure)
            if share < 0.5 + 2 * spread:
                failures.append(f"{figure}: {right} better in {share:.2f} ± {spread:.2f} of the runs")
            if "60" not in figure:
                continue
            earlier = figure.replace("60", "40")
            for problem in options.problems:
                gaps = [runs[problem, wrong, s][figure] - runs[problem, none, s][earlier] for s in options.seeds]
                if statistics.mean(gaps) > 2 * error(gaps):
                    by = f"{statistics.mean(gaps):.2g} ± {error(gaps):.2g}"
                    failures.append(f"{figure}: {problem}: {wrong} behind {none} after 40 by {by}")
        print()
        return failures


class Costs(Wishes):
    def judge(self, runs, options, figure, means):
        share, spread = self.better(runs, options, "cost-aware", figure, "plain", figure)
        print()
        least = 0.5 + 2 * spread if "third" in figure else 0.5 - 2 * spread
        return [] if share >= least else [f"{figure}: cost-aware better in {share:.2f} ± {spread:.2f} of the runs"]


rosenbrock4 = lambda: centred(Synthetic("rosenbrock4", 4, rosenbrock, 2.0, centre=1.0))
ackley8 = lambda: centred(Synthetic("ackley8", 8, ackley, 16.0, turned=True))
NEEDS = ["tunesmith"]
SUITES = {
    "priors": lambda: Priors(
        __doc__,
        {"hartmann6": hartmann6, "rosenbrock4": rosenbrock4, "ackley8": ackley8, "mixed8": mixed8},
        {
            mark + (kind or "none"): (with_prior(kind, strategy), NEEDS)
            for mark, strategy in (("", None), ("tpe ", "tpe"))
            for kind in (None, "right", "wrong")
        },
        {f"log10 regret after {trials} trials": regret_after(trials) for trials in (20, 40, 60)},
        trials=60,
    ),
    "costs": lambda: Costs(
        __doc__,
        {
            "hartmann6_cheap": costly(hartmann6, "x0"),
            "hartmann6_dear": costly(hartmann6, "x0", turned=True),
            "mixed8_width": costly(mixed8, "width"),
            "rosenbrock4": costly(rosenbrock4, "x1"),
        },
        {"cost-aware": (by_cost(True), NEEDS), "plain": (by_cost(False), NEEDS)},
        {"log10 regret for a third of the money": regret_for(1 / 3), "log10 regret for all of it": regret_for(1)},
        trials=200,
    ),
}


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in SUITES:
        sys.exit(__doc__)
    sys.exit(SUITES[sys.argv.pop(1)]().main())
