#!/usr/bin/env python3
"""Reports through asynchronous successive halving (stopping, eta 3, levels 1 to 81) with many trials before: tunesmith,
Optuna's SuccessiveHalvingPruner in memory, Syne Tune's ASHA scheduler. 100 trials report level by level, by turns, until
they are stopped or at the highest; asking for and ending trials is not counted. One measurement per process, in pairs whose
order alternates. Prints a Markdown table: reports per second of CPU time (median), and how many times as many are
tunesmith's, over the pairs, as minimum, median and maximum.

    pip install optuna syne-tune==0.13.0 'numpy<2'
    PYTHONPATH=build/release/python python3 bench/peers/scheduler.py [--pairs 3] [--bench build/bench/bin/bench_micro]

With --bench the same is measured through the C++ library, in a process of its own. A peer that is not installed is left out.
"""

import argparse
import datetime
import importlib.util
import json
import logging
import os
import statistics
import subprocess
import sys
import time

LEVELS = 81
ETA = 3
COUNTED = 100
AT_ONCE = 500
SIZES = {"tunesmith": (1000, 10000, 100000), "optuna": (1000, 10000), "syne_tune": (1000, 10000)}


def loss_at(trial, level):
    """Falls with the level towards what the trial is worth, with some noise."""
    worth = trial * 0.6180339887498949 % 1
    noise = (trial * 131 + level) * 0.7548776662466927 % 1
    return worth + level**-0.5 + 0.1 * noise


class Tunesmith:
    def __init__(self):
        import tunesmith

        self.stop = "stop"
        space = tunesmith.Space().add_float("x", 0, 1, scale="linear").add_float("y", 0, 1, scale="linear")
        asha = tunesmith.asha_search(max_resource=LEVELS, eta=ETA)
        self.study = tunesmith.Study("bench", space, metric="loss", strategy=asha)

    def begin(self):
        run = self.study.ask()
        return run.number, run

    def report(self, run, level, loss):
        return self.study.report(run, level, loss) == "stop"

    def end(self, run, loss):
        self.study.tell(run, loss)

    def fill(self, trials):
        for _ in range(trials // AT_ONCE):
            self.finish(run_by_turns(self, [self.begin() for _ in range(AT_ONCE)])[1])

    def finish(self, ended):
        for run, loss in ended:
            self.end(run, loss)


class Optuna(Tunesmith):
    def __init__(self):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self.optuna = optuna
        pruner = optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=ETA)
        self.study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=0), pruner=pruner)

    def begin(self):
        trial = self.study.ask()
        trial.suggest_float("x", 0, 1)
        trial.suggest_float("y", 0, 1)
        return trial.number, trial

    def report(self, trial, level, loss):
        trial.report(loss, level)
        return trial.should_prune()

    def end(self, trial, loss):
        self.study.tell(trial, loss)

    def fill(self, trials):
        """Finished trials are put there at once, with what the pruner notes at each rung: it takes too long itself."""
        range_ = self.optuna.distributions.FloatDistribution(0, 1)
        going, rung = list(range(trials)), 0
        values, notes = {number: {} for number in going}, {number: {} for number in going}
        while going and ETA**rung <= LEVELS:
            for number in going:
                for level in range(ETA ** (rung - 1) + 1 if rung else 1, ETA**rung + 1):
                    values[number][level] = loss_at(number, level)
                notes[number][f"completed_rung_{rung}"] = values[number][ETA**rung]
            going = sorted(going, key=lambda number: values[number][ETA**rung])[: len(going) // ETA]  # noqa: B023
            rung += 1
        for number in range(trials):
            self.study.add_trial(
                self.optuna.trial.create_trial(
                    params={"x": 0.5, "y": 0.5},
                    distributions={"x": range_, "y": range_},
                    value=list(values[number].values())[-1],
                    intermediate_values=values[number],
                    system_attrs=notes[number],
                )
            )


class SyneTune(Tunesmith):
    def __init__(self):
        logging.disable(logging.CRITICAL)
        from syne_tune.backend.trial_status import Trial
        from syne_tune.config_space import uniform
        from syne_tune.optimizer.baselines import ASHA

        self.trial = Trial
        self.count = 0
        self.scheduler = ASHA(
            {"x": uniform(0, 1), "y": uniform(0, 1)},
            metric="loss",
            resource_attr="epoch",
            max_t=LEVELS,
            grace_period=1,
            reduction_factor=ETA,
            mode="min",
            random_seed=0,
        )

    def begin(self):
        suggestion = self.scheduler.suggest(self.count)
        trial = self.trial(self.count, suggestion.config, datetime.datetime.now())
        self.scheduler.on_trial_add(trial)
        self.count += 1
        return trial.trial_id, trial

    def report(self, trial, level, loss):
        return self.scheduler.on_trial_result(trial, {"loss": loss, "epoch": level}) == "STOP"

    def end(self, trial, loss):
        self.scheduler.on_trial_remove(trial)


def run_by_turns(tuner, begun):
    """How many reports that were, and the trials with their last value."""
    count, ended = 0, []
    for level in range(1, LEVELS + 1):
        going = []
        for number, trial in begun:
            loss = loss_at(number, level)
            stopped = tuner.report(trial, level, loss)
            if stopped or level == LEVELS:
                ended.append((trial, loss))
            else:
                going.append((number, trial))
        count += len(begun)
        begun = going
    return count, ended


def measure(name, trials):
    tuner = {"tunesmith": Tunesmith, "optuna": Optuna, "syne_tune": SyneTune}[name]()
    tuner.fill(trials)
    counted = seconds = 0
    for _ in range(5 if name == "tunesmith" else 1):
        begun = [tuner.begin() for _ in range(COUNTED)]
        start = time.process_time()
        count, ended = run_by_turns(tuner, begun)
        seconds += time.process_time() - start
        counted += count
        tuner.finish(ended)
    return counted / seconds


def in_process(name, trials):
    command = [sys.executable, __file__, "--measure", name, str(trials)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def through_cpp(bench, trials):
    command = [bench, f"--benchmark_filter=^asha_reports/memory/{trials}/", "--benchmark_format=json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["benchmarks"][0]["items_per_second"]


def row(trials, words, ours, theirs, pairs):
    values = {ours: [], theirs: []}
    for i in range(pairs):
        for who in (ours, theirs) if i % 2 == 0 else (theirs, ours):
            values[who].append(who(trials))
    ratios = sorted(a / b for a, b in zip(values[ours], values[theirs], strict=True))
    rates = [f"{statistics.median(values[who]):,.0f}" for who in (ours, theirs)]
    ratio = f"{ratios[0]:.3g} / **{statistics.median(ratios):.3g}** / {ratios[-1]:.3g}"
    print("| " + " | ".join([f"{trials:,}", words, *rates, ratio]) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--bench", metavar="BENCH_MICRO", help="the built micro-benchmarks")
    parser.add_argument("--measure", nargs=2, metavar=("TUNER", "TRIALS"), help="this one alone, in this process")
    options = parser.parse_args()
    if options.measure:
        os.environ["OMP_NUM_THREADS"] = "1"
        print(json.dumps(measure(options.measure[0], int(options.measure[1]))))
        return

    def of(name):
        return lambda trials: in_process(name, trials)

    tunesmith = of("tunesmith")
    print("| trials before | beside | tunesmith, Python, reports/s | the other | ratio min / median / max |")
    print("|---|---|---|---|---|")
    for peer in ("optuna", "syne_tune"):
        if importlib.util.find_spec(peer) is None:
            print(f"{peer} left out: not installed", file=sys.stderr)
            continue
        for trials in SIZES[peer]:
            row(trials, peer, tunesmith, of(peer), options.pairs)
    if options.bench:
        cpp = lambda trials: through_cpp(options.bench, trials)  # noqa: E731
        for trials in SIZES["tunesmith"]:
            row(trials, "tunesmith, C++", tunesmith, cpp, options.pairs)


if __name__ == "__main__":
    main()
