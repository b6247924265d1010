#!/usr/bin/env python3
"""Several objectives: hypervolume after 100 trials, tunesmith beside Optuna's samplers, as Markdown.

    PYTHONPATH=build/release/python python3 bench/quality/pareto.py [--problems zdt1,mlp_digits] [--seeds 0-4]

Needs numpy, and scikit-learn for the two tuning tasks; optuna (its GPSampler also torch) where it is to be compared.
Runs are kept in the file of --results and not repeated. All objectives are minimised; a hypervolume is given as the share
of what a known front has (zdt, dtlz) or of the box between the reference and the least conceivable values (tuning tasks).

Thresholds, checked at the end: tunesmith has the best mean rank, and on no problem is it behind the best other tuner by
more than two standard errors of the paired difference over seeds.
"""

import argparse
import json
import math
import pathlib
import statistics
import sys
import time
import warnings

import numpy as np

TRIALS = 100


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
    def __init__(self, function, reference, front):
        self.space = [{"name": f"x{i}", "type": "float", "low": 0.0, "high": 1.0} for i in range(6)]
        self.function = function
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


class Task:
    """Log loss on held-out rows against the logarithm of a deterministic count."""

    def __init__(self, space, reference, least, evaluate):
        self.space = space
        self.reference = np.array(reference)
        self.whole = float(np.prod(self.reference - np.array(least)))
        self.evaluate = evaluate


def halves(load, rows=None):
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    x, y = load(return_X_y=True)
    x = StandardScaler().fit_transform(x)[:rows]
    return train_test_split(x, y[:rows], test_size=0.5, random_state=0, stratify=y[:rows])


def forest_wine():
    from sklearn.datasets import load_wine
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.metrics import log_loss

    x, x_test, y, y_test = halves(load_wine)

    def evaluate(params):
        model = RandomForestClassifier(
            n_estimators=params["trees"],
            max_depth=params["depth"],
            min_samples_leaf=params["leaf"],
            max_features=params["features"],
            max_samples=params["share"],
            criterion=params["criterion"],
            random_state=0,
        ).fit(x, y)
        nodes = sum(tree.tree_.node_count for tree in model.estimators_)
        return [log_loss(y_test, model.predict_proba(x_test)), math.log10(nodes)]

    space = [
        {"name": "trees", "type": "int", "low": 1, "high": 64, "scale": "log"},
        {"name": "depth", "type": "int", "low": 1, "high": 12},
        {"name": "leaf", "type": "int", "low": 1, "high": 20},
        {"name": "features", "type": "float", "low": 0.1, "high": 1.0},
        {"name": "share", "type": "float", "low": 0.2, "high": 1.0},
        {"name": "criterion", "type": "cat", "choices": ["gini", "entropy"]},
    ]
    return Task(space, [math.log(3), 3.5], [0, 0], evaluate)


def mlp_digits():
    from sklearn.datasets import load_digits
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import log_loss
    from sklearn.neural_network import MLPClassifier

    x, x_test, y, y_test = halves(load_digits, 600)

    def evaluate(params):
        layers = (params["width"],) * params["layers"]
        model = MLPClassifier(
            layers,
            activation=params["activation"],
            learning_rate_init=params["rate"],
            alpha=params["decay"],
            batch_size=params["batch"],
            max_iter=params["epochs"],
            n_iter_no_change=1000,
            random_state=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(x, y)
        weights = sum(w.size for w in model.coefs_)
        loss = log_loss(y_test, np.clip(model.predict_proba(x_test), 1e-9, 1), labels=range(10))
        return [loss, math.log10(weights * params["epochs"])]

    space = [
        {"name": "width", "type": "int", "low": 2, "high": 64, "scale": "log"},
        {"name": "layers", "type": "int", "low": 1, "high": 2},
        {"name": "activation", "type": "cat", "choices": ["relu", "tanh", "logistic"]},
        {"name": "rate", "type": "float", "low": 1e-4, "high": 1e-1, "scale": "log"},
        {"name": "decay", "type": "float", "low": 1e-6, "high": 1.0, "scale": "log"},
        {"name": "batch", "type": "int", "low": 16, "high": 128, "scale": "log"},
        {"name": "epochs", "type": "int", "low": 1, "high": 30, "scale": "log"},
    ]
    return Task(space, [math.log(10), 5.5], [0, 2], evaluate)


PROBLEMS = {
    "zdt1": lambda: zdt(lambda f, g: 1 - math.sqrt(f / g)),
    "zdt2": lambda: zdt(lambda f, g: 1 - (f / g) ** 2),
    "zdt3": lambda: zdt(lambda f, g: 1 - math.sqrt(f / g) - f / g * math.sin(10 * math.pi * f)),
    "dtlz2": dtlz2,
    "forest_wine": forest_wine,
    "mlp_digits": mlp_digits,
}


def tunesmith_tuner(problem, seed, trials):
    import tunesmith

    space = tunesmith.Space()
    for p in problem.space:
        if p["type"] == "cat":
            space.add_categorical(p["name"], p["choices"])
        else:
            add = space.add_int if p["type"] == "int" else space.add_float
            add(p["name"], p["low"], p["high"], scale=p.get("scale", "linear"))
    names = [f"f{k}" for k in range(len(problem.reference))]
    study = tunesmith.Study("pareto", space, objectives=dict.fromkeys(names, "minimize"), seed=seed, strategy="bayesian")
    study.set_budget(max_trials=trials)

    def step(evaluate):
        run = study.ask()
        values = evaluate(run.params)
        study.tell(run, dict(zip(names, values)))

    return step


def optuna_tuner(make):
    def tuner(problem, seed, trials):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        directions = ["minimize"] * len(problem.reference)
        study = optuna.create_study(directions=directions, sampler=make(optuna.samplers, seed))

        def value(trial, p):
            if p["type"] == "cat":
                return trial.suggest_categorical(p["name"], p["choices"])
            suggest = trial.suggest_int if p["type"] == "int" else trial.suggest_float
            return suggest(p["name"], p["low"], p["high"], log=p.get("scale") == "log")

        def step(evaluate):
            trial = study.ask()
            study.tell(trial, evaluate({p["name"]: value(trial, p) for p in problem.space}))

        return step

    return tuner


TUNERS = {
    "tunesmith": tunesmith_tuner,
    "NSGA-II": optuna_tuner(lambda samplers, seed: samplers.NSGAIISampler(seed=seed)),
    "TPE": optuna_tuner(lambda samplers, seed: samplers.TPESampler(seed=seed, multivariate=True)),
    "GPSampler": optuna_tuner(lambda samplers, seed: samplers.GPSampler(seed=seed)),
    "random": optuna_tuner(lambda samplers, seed: samplers.RandomSampler(seed=seed)),
}


def available(tuner):
    needed = {"tunesmith": ["tunesmith"], "GPSampler": ["optuna", "torch"]}.get(tuner, ["optuna"])
    try:
        for module in needed:
            __import__(module)
    except ImportError:
        return False
    return True


def run(problem, tuner, seed, trials):
    """Share of the hypervolume, and CPU seconds the tuner itself took."""
    points = []
    inside = 0.0

    def evaluate(params):
        nonlocal inside
        start = time.process_time()
        points.append(problem.evaluate(params))
        inside += time.process_time() - start
        return [float(value) for value in points[-1]]

    step = TUNERS[tuner](problem, seed, trials)
    start = time.process_time()
    for _ in range(trials):
        step(evaluate)
    cpu = time.process_time() - start - inside
    return hypervolume(points, problem.reference) / problem.whole, cpu


def error(values):
    return statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf


def ranks(shares, tuners):
    """1 for the largest; equal shares share the mean of their ranks."""
    return [
        sum(shares[other] > shares[tuner] for other in tuners)
        + (1 + sum(shares[other] == shares[tuner] for other in tuners)) / 2
        for tuner in tuners
    ]


def report(runs, problems, tuners, seeds, trials):
    print(f"Hypervolume after {trials} trials, share of the whole, mean ± standard error over {len(seeds)} seeds.\n")
    print("| problem | " + " | ".join(tuners) + " |")
    print("|---|" + "---|" * len(tuners))
    all_ranks = []
    failures = []
    for problem in problems:
        cells = []
        means = {}
        for tuner in tuners:
            shares = [runs[problem, tuner, seed, trials][0] for seed in seeds]
            means[tuner] = statistics.mean(shares)
            cells.append(f"{means[tuner]:.3f} ± {error(shares):.3f}" if len(seeds) > 1 else f"{means[tuner]:.3f}")
        print(f"| {problem} | " + " | ".join(cells) + " |")
        for seed in seeds:
            all_ranks.append(ranks({t: runs[problem, t, seed, trials][0] for t in tuners}, tuners))
        others = [tuner for tuner in tuners if tuner != "tunesmith"]
        if others and "tunesmith" in tuners:
            best = max(others, key=means.get)
            gaps = [runs[problem, best, s, trials][0] - runs[problem, "tunesmith", s, trials][0] for s in seeds]
            if statistics.mean(gaps) > 2 * error(gaps):
                failures.append(f"{problem}: behind {best} by {statistics.mean(gaps):.3f} ± {error(gaps):.3f}")
    mean_ranks = [statistics.mean(column) for column in zip(*all_ranks)]
    print("| **mean rank** | " + " | ".join(f"{rank:.2f}" for rank in mean_ranks) + " |")
    cpu = [statistics.mean(runs[p, t, s, trials][1] for p in problems for s in seeds) for t in tuners]
    print("| CPU seconds per study | " + " | ".join(f"{seconds:.2f}" for seconds in cpu) + " |")
    if "tunesmith" in tuners and mean_ranks[tuners.index("tunesmith")] > min(mean_ranks):
        failures.append("the best mean rank is another tuner's")
    print("\nThresholds: " + ("; ".join(failures) if failures else "met") + ".")
    return not failures


def seeds_of(text):
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--problems", default=",".join(PROBLEMS))
    parser.add_argument("--tuners", default=",".join(TUNERS))
    parser.add_argument("--seeds", type=seeds_of, default="0-4", help="FIRST-LAST")
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--results", type=pathlib.Path, help="JSON lines; runs found there are not repeated")
    options = parser.parse_args()
    problems = options.problems.split(",")
    tuners = []
    for tuner in options.tuners.split(","):
        if available(tuner):
            tuners.append(tuner)
        else:
            print(f"{tuner} left out: not installed", file=sys.stderr)

    runs = {}
    if options.results and options.results.exists():
        for line in options.results.read_text().splitlines():
            r = json.loads(line)
            runs[r["problem"], r["tuner"], r["seed"], r["trials"]] = r["share"], r["cpu_seconds"]
    for name in problems:
        problem = PROBLEMS[name]()
        for tuner in tuners:
            for seed in options.seeds:
                key = name, tuner, seed, options.trials
                if key in runs:
                    continue
                runs[key] = run(problem, tuner, seed, options.trials)
                if options.results:
                    record = dict(zip(("problem", "tuner", "seed", "trials", "share", "cpu_seconds"), key + runs[key]))
                    with options.results.open("a") as file:
                        file.write(json.dumps(record) + "\n")
    return 0 if report(runs, problems, tuners, options.seeds, options.trials) else 1


if __name__ == "__main__":
    sys.exit(main())
