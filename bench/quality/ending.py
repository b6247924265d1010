"""How many trials of a budget do the rules that end a study save, and what do they cost?

    PYTHONPATH=build/release/python python3 bench/quality/ending.py HARNESS [--problems …] [--seeds 0-4] [--trials 100]

HARNESS: the folder of problems that README.md speaks of; needs numpy. Every study runs to the end of its budget with the
default strategy while the rules only listen, so that one run tells of all of them and the rest of it of what was missed.
Regret: true value of the trial with the best observed one, minus the optimum, in percent of what lies between the median
of random configurations and the optimum.
"""

import argparse
import json
import pathlib
import statistics
import sys

import tunesmith
from comparison import error, seeds_of, tunesmith_space

PROBLEMS = "sy_branin2,sy_rosenbrock4,sy_hartmann6,sy_levy_noise5,sy_rastrigin3,sy_ackley_mixed8,sy_manycat8,sy_ackley10"
RULES = {
    "convergence": tunesmith.convergence_rule,
    "no_improvement": tunesmith.no_improvement_rule,
    "no_improvement, 10 trials, 1 %": lambda: tunesmith.no_improvement_rule(trials=10, min_relative_change=0.01),
}


class Listener(tunesmith.StoppingRule):
    """Notes how many trials there were when a rule would have ended the study."""

    def __init__(self, rule):
        super().__init__()
        self.rule = rule
        self.trials = None
        self.reason = ""

    def on_events(self, view, news):
        actions = self.rule.on_events(view, news)
        if actions and self.trials is None:
            self.trials = len(view)
            self.reason = actions[0].reason
        return []


def regret(values, reference):
    """Of (observed, true), in percent."""
    best = min((value for value in values if value[0] is not None), default=None)
    return 100 * (best[1] - reference["f_opt"]) / (reference["med"] - reference["f_opt"]) if best else 100.0


def run(problem, seed, trials):
    """Every trial's (observed, true) value, and the listeners."""
    listeners = {name: Listener(make()) for name, make in RULES.items()}
    study = tunesmith.Study(
        "ending", tunesmith_space(problem.space), metric="value", seed=seed, stopping_rules=list(listeners.values())
    )
    study.set_budget(max_trials=trials)
    values = []
    while (trial := study.ask()) is not None:
        values.append(problem.evaluate(dict(trial.params)))
        if values[-1][0] is None:
            study.fail(trial, "failed")
        else:
            study.tell(trial, float(values[-1][0]))
    return values, listeners


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", type=pathlib.Path)
    parser.add_argument("--problems", default=PROBLEMS)
    parser.add_argument("--seeds", type=seeds_of, default="0-4", help="FIRST-LAST")
    parser.add_argument("--trials", type=int, default=100)
    options = parser.parse_args()
    sys.path.insert(0, str(options.harness.resolve()))
    from problems import dev

    references = json.loads((options.harness / "refs.json").read_text())
    print(f"Trials at the end and regret in percent, mean ± standard error, seeds {options.seeds[0]} to {options.seeds[-1]}.\n")
    print(f"| problem | regret after {options.trials} | " + " | ".join(RULES) + " |")
    print("|---|---|" + "---|" * len(RULES))
    saved = {name: [] for name in RULES}
    for name in options.problems.split(","):
        ends = {rule: [] for rule in RULES}
        full = []
        for seed in options.seeds:
            problem = dev.P[name]
            problem.setup(seed)
            reference = references[f"{name}/{seed}"]
            values, listeners = run(problem, seed, options.trials)
            full.append(regret(values, reference))
            for rule, listener in listeners.items():
                trials = listener.trials or len(values)
                ends[rule].append((trials, regret(values[:trials], reference)))
                saved[rule].append(1 - trials / options.trials)
        cells = [f"{statistics.mean(full):.3g} ± {error(full):.1g}"]
        for rule in RULES:
            trials, regrets = zip(*ends[rule])
            cells.append(f"{statistics.mean(trials):.0f} trials, {statistics.mean(regrets):.3g} ± {error(regrets):.1g}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)
    print("| **saved** | | " + " | ".join(f"{statistics.mean(shares):.0%}" for shares in saved.values()) + " |")


if __name__ == "__main__":
    main()
