"""What the suites of this folder share: the tuners, the runs, the tables.

A problem has `space` (a list of {"name", "type": float | int | cat, "low", "high", "scale", "choices", "when"}),
`evaluate(params)`, a list of values, `objectives`, how many of them, first, are minimised, and `bounds`, for each of the
others the largest feasible value. "when" is {"parent": [values]}; a parameter without its parent's value is not there.

A tuner is a function (problem, seed, trials) -> step; step(evaluate) asks for one configuration and tells its values.
"""

import argparse
import importlib.util
import json
import math
import pathlib
import statistics
import sys
import time
import warnings


def active(parameter, params):
    return all(params.get(parent) in values for parent, values in parameter.get("when", {}).items())


def tunesmith_space(parameters):
    import tunesmith

    space = tunesmith.Space()
    for p in parameters:
        when = {"when": p["when"]} if "when" in p else {}
        if p["type"] == "cat":
            space.add_categorical(p["name"], p["choices"], **when)
        else:
            add = space.add_int if p["type"] == "int" else space.add_float
            add(p["name"], p["low"], p["high"], scale=p.get("scale", "linear"), **when)
    return space


def tunesmith_tuner(strategy=None, parents=lambda problem, seed: ()):
    """None: the default. parents(problem, seed) -> the studies to begin from."""

    def tuner(problem, seed, trials):
        import tunesmith

        goals = {f"f{k}": "minimize" for k in range(problem.objectives)}
        bounds = {f"g{k}": (None, bound) for k, bound in enumerate(problem.bounds)}
        study = tunesmith.Study(
            "suite",
            tunesmith_space(problem.space),
            objectives=goals,
            outcome_constraints=bounds,
            seed=seed,
            strategy=strategy,
            parents=parents(problem, seed),
        )
        study.set_budget(max_trials=trials)

        def step(evaluate):
            run = study.ask()
            if run is None:  # every configuration has been evaluated
                return
            study.tell(run, dict(zip([*goals, *bounds], evaluate(run.params), strict=True)))

        return step

    return tuner


def optuna_tuner(make):
    """make(samplers, seed, constraints) -> sampler; constraints is None or what its constraints_func is to be."""

    def tuner(problem, seed, trials):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        warnings.simplefilter("ignore", FutureWarning)
        excesses = (lambda trial: trial.user_attrs["excesses"]) if problem.bounds else None
        sampler = make(optuna.samplers, seed, excesses)
        study = optuna.create_study(directions=["minimize"] * problem.objectives, sampler=sampler)

        def value(trial, p):
            if p["type"] == "cat":
                return trial.suggest_categorical(p["name"], p["choices"])
            suggest = trial.suggest_int if p["type"] == "int" else trial.suggest_float
            return suggest(p["name"], p["low"], p["high"], log=p.get("scale") == "log")

        def step(evaluate):
            trial = study.ask()
            params = {}
            for p in problem.space:
                if active(p, params):
                    params[p["name"]] = value(trial, p)
            values = evaluate(params)
            excess = [v - bound for v, bound in zip(values[problem.objectives :], problem.bounds, strict=True)]
            trial.set_user_attr("excesses", excess)
            study.tell(trial, values[: problem.objectives])

        return step

    return tuner


def smac_tuner():
    """SMAC3's facade for hyperparameter tuning: its random forest. One objective, no bounds."""

    def tuner(problem, seed, trials):
        import tempfile

        import ConfigSpace
        from smac import HyperparameterOptimizationFacade, Scenario
        from smac.runhistory.dataclasses import TrialValue

        space = ConfigSpace.ConfigurationSpace(seed=seed)
        for p in problem.space:
            log = p.get("scale") == "log"
            if p["type"] == "cat":
                space.add(ConfigSpace.CategoricalHyperparameter(p["name"], p["choices"]))
            elif p["type"] == "int":
                space.add(ConfigSpace.UniformIntegerHyperparameter(p["name"], p["low"], p["high"], log=log))
            else:
                space.add(ConfigSpace.UniformFloatHyperparameter(p["name"], p["low"], p["high"], log=log))
        for p in problem.space:
            conditions = [
                ConfigSpace.InCondition(space[p["name"]], space[parent], values)
                for parent, values in p.get("when", {}).items()
            ]
            if conditions:
                space.add(conditions[0] if len(conditions) == 1 else ConfigSpace.AndConjunction(*conditions))
        folder = tempfile.TemporaryDirectory()
        scenario = Scenario(
            space, n_trials=trials, seed=seed, deterministic=True, output_directory=pathlib.Path(folder.name)
        )
        facade = HyperparameterOptimizationFacade(scenario, lambda config, seed=0: 0.0, logging_level=False)

        def step(evaluate, keep=folder):
            info = facade.ask()
            params = {name: getattr(value, "item", lambda v=value: v)() for name, value in info.config.items()}
            facade.tell(info, TrialValue(cost=evaluate(params)[0]))

        return step

    return tuner


def random_tuner():
    return optuna_tuner(lambda samplers, seed, _: samplers.RandomSampler(seed=seed))


def missing(modules):
    return [module for module in modules if importlib.util.find_spec(module) is None]


def history(problem, tuner, seed, trials):
    """Every trial's values, and CPU seconds the tuner itself took."""
    values = []
    inside = 0.0

    def evaluate(params):
        nonlocal inside
        start = time.process_time()
        values.append([float(value) for value in problem.evaluate(params)])
        inside += time.process_time() - start
        return values[-1]

    step = tuner(problem, seed, trials)
    start = time.process_time()
    for _ in range(trials):
        step(evaluate)
    return values, time.process_time() - start - inside


def error(values):
    """Standard error of the mean."""
    return statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else math.inf


def ranks(figures, tuners, larger_is_better):
    """1 for the best; equal figures share the mean of their ranks."""
    sign = 1 if larger_is_better else -1
    return [
        sum(sign * figures[other] > sign * figures[tuner] for other in tuners)
        + (1 + sum(figures[other] == figures[tuner] for other in tuners)) / 2
        for tuner in tuners
    ]


class Suite:
    """problems: name -> function that makes it. tuners: name -> (tuner, modules it needs). figures: name ->
    function (problem, values) -> number, a table each."""

    def __init__(self, words, problems, tuners, figures, trials, larger_is_better=False):
        self.words = words
        self.problems = problems
        self.tuners = tuners
        self.figures = figures
        self.trials = trials
        self.larger_is_better = larger_is_better

    def options(self):
        formatter = argparse.RawDescriptionHelpFormatter
        parser = argparse.ArgumentParser(description=self.words, formatter_class=formatter)
        parser.add_argument("--problems", default=",".join(self.problems))
        parser.add_argument("--tuners", default=",".join(self.tuners))
        parser.add_argument("--seeds", type=seeds_of, default="0-4", help="FIRST-LAST")
        parser.add_argument("--results", type=pathlib.Path, help="JSON lines; runs found there are not repeated")
        options = parser.parse_args()
        options.problems = options.problems.split(",")
        options.tuners = [tuner for tuner in options.tuners.split(",") if self.installed(tuner)]
        return options

    def installed(self, tuner):
        absent = missing(self.tuners[tuner][1])
        if absent:
            print(f"{tuner} left out: {', '.join(absent)} not installed", file=sys.stderr)
        return not absent

    def run(self, options):
        """(problem, tuner, seed) -> {figure: number, "cpu_seconds": number}"""
        kept = {}
        if options.results and options.results.exists():
            for line in options.results.read_text().splitlines():
                record = json.loads(line)
                kept[tuple(record["run"])] = record["figures"]
        runs = {}
        for name in options.problems:
            problem = self.problems[name]()
            for tuner in options.tuners:
                for seed in options.seeds:
                    key = name, tuner, seed
                    if key not in kept:
                        values, cpu = history(problem, self.tuners[tuner][0], seed, self.trials)
                        kept[key] = {words: figure(problem, values) for words, figure in self.figures.items()}
                        kept[key]["cpu_seconds"] = cpu
                        if options.results:
                            with options.results.open("a") as file:
                                file.write(json.dumps({"run": key, "figures": kept[key]}) + "\n")
                    runs[key] = kept[key]
        return runs

    def table(self, runs, options, figure):
        """Prints it; returns every tuner's mean rank."""
        print(f"{figure}, mean ± standard error, seeds {options.seeds[0]} to {options.seeds[-1]}.\n")
        print("| problem | " + " | ".join(options.tuners) + " |")
        print("|---|" + "---|" * len(options.tuners))
        all_ranks = []
        for problem in options.problems:
            cells = []
            for tuner in options.tuners:
                numbers = [runs[problem, tuner, seed][figure] for seed in options.seeds]
                spread = f" ± {error(numbers):.2g}" if len(numbers) > 1 else ""
                cells.append(f"{statistics.mean(numbers):.4g}{spread}")
            print(f"| {problem} | " + " | ".join(cells) + " |")
            for seed in options.seeds:
                reached = {tuner: runs[problem, tuner, seed][figure] for tuner in options.tuners}
                all_ranks.append(ranks(reached, options.tuners, self.larger_is_better))
        means = dict(zip(options.tuners, (statistics.mean(column) for column in zip(*all_ranks))))
        print("| **mean rank** | " + " | ".join(f"{rank:.2f}" for rank in means.values()) + " |")
        cpu = [
            statistics.mean(runs[p, tuner, s]["cpu_seconds"] for p in options.problems for s in options.seeds)
            for tuner in options.tuners
        ]
        print("| CPU seconds per study | " + " | ".join(f"{seconds:.2f}" for seconds in cpu) + " |\n")
        return means

    def behind(self, runs, options, figure, ours, theirs):
        """Sentences on the problems where ours is worse by more than two standard errors of the paired difference."""
        sign = 1 if self.larger_is_better else -1
        found = []
        for problem in options.problems:
            numbers = lambda tuner: [sign * runs[problem, tuner, seed][figure] for seed in options.seeds]
            peer = max(theirs, key=lambda tuner: statistics.mean(numbers(tuner)))
            gaps = [b - a for a, b in zip(numbers(ours), numbers(peer), strict=True)]
            if statistics.mean(gaps) > 2 * error(gaps):
                by = f"{statistics.mean(gaps):.3g} ± {error(gaps):.2g}"
                found.append(f"{figure}: {problem}: {ours} behind {peer} by {by}")
        return found

    def best_of_all(self, runs, options, figure, means):
        """The thresholds of a suite where tunesmith stands beside others."""
        if "tunesmith" not in means or len(means) == 1:
            return []
        others = [tuner for tuner in options.tuners if tuner != "tunesmith"]
        found = self.behind(runs, options, figure, "tunesmith", others)
        if means["tunesmith"] > min(means.values()):
            found.append(f"{figure}: the best mean rank is another tuner's")
        return found

    def main(self):
        """Runs what is missing, prints a table of each figure and what is not reached; the exit status."""
        options = self.options()
        runs = self.run(options)
        failures = []
        for figure in self.figures:
            means = self.table(runs, options, figure)
            failures += self.judge(runs, options, figure, means)
        print("Thresholds: " + ("; ".join(failures) if failures else "met") + ".")
        return 1 if failures else 0

    judge = best_of_all


def seeds_of(text):
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))
