#!/usr/bin/env python3
"""What the Python package costs, and beside Optuna. For an idle machine, with a release build of the module.

Usage: bench.py [import|ask_tell|bayesian|optimize|memory]...     (default: all)

Where Optuna is installed in the Python that runs it, `optimize` pairs with it: the two take turns, and the
median of the ratios counts. Prints a table; exits 1 where a figure is missed.
"""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import tunesmith

missed = []


def show(what, value, unit, limit, at_least=False):
    good = value >= limit if at_least else value <= limit
    if not good:
        missed.append(what)
    print(f"{what:56} {value:10.2f} {unit:8} {'>=' if at_least else '<='} {limit:g}  {'' if good else 'MISSED'}", flush=True)


def cpu_of(code):
    """CPU milliseconds of a fresh interpreter."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def bench_import(rounds=25):
    pairs = [(cpu_of("pass"), cpu_of("import tunesmith")) for _ in range(rounds)]
    difference = statistics.median(ours - bare for bare, ours in pairs)
    show("import tunesmith, CPU over the bare interpreter", difference, "ms", 12)


def ten():
    space = tunesmith.Space()
    for i in range(10):
        space.add_float(f"x{i}", 0, 1)
    return space


def ask_tell(strategy, trials, **options):
    """Microseconds of CPU for a trial of 10 parameters that are looked at."""
    study = tunesmith.Study("s", ten(), metric="value", strategy=strategy, **options)
    before = time.process_time()
    for _ in range(trials):
        run = study.ask()
        run.params
        study.tell(run, 1.0)
    return 1e6 * (time.process_time() - before) / trials


def bench_ask_tell():
    show("ask and tell, random, 10 parameters, CPU a trial", min(ask_tell("random", 5000) for _ in range(7)), "µs", 6)


def bench_bayesian():
    """The binding's part is at most what a whole random trial costs: both cross it in the same way."""
    study = tunesmith.Study("s", ten(), metric="value", strategy="bayesian", seed=1)
    for number in range(110):
        if number == 100:
            before = time.process_time()
        run = study.ask()
        study.tell(run, sum((x - 0.3) ** 2 for x in run.params.values()))
    model = 1e6 * (time.process_time() - before) / 10
    cost = min(ask_tell("random", 5000) for _ in range(3))
    print(f"{'a Bayesian suggestion at n = 100':56} {model:10.0f} µs")
    show("the binding's part of it, at most", 100 * cost / model, "%", 5)


def objective(trial):
    for i in range(10):
        trial.suggest_float(f"x{i}", 0, 1)
    return 1.0


def bench_optimize(trials=1000, rounds=5):
    try:
        import optuna
    except ImportError:
        print("optimize: skipped, this Python has no optuna")
        return
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    samplers = {"random": optuna.samplers.RandomSampler, "tpe": optuna.samplers.TPESampler}
    # (store, strategy, at least how many times faster, Optuna's trials: fewer where its trials take long)
    pairs = (("memory", "random", 20, trials), ("memory", "tpe", 20, trials // 5), ("sqlite", "random", 50, trials // 10))
    with tempfile.TemporaryDirectory() as folder:
        for store, strategy, limit, theirs in pairs:
            # A disk is waited for; in memory CPU time is steadier.
            clock = time.process_time if store == "memory" else time.perf_counter
            ratios, costs = [], []
            for number in range(rounds):
                file = f"{folder}/{store}-{strategy}-{number}"
                study = tunesmith.create_study(
                    strategy=strategy, storage="memory:" if store == "memory" else f"sqlite:{file}.ours"
                )
                before = clock()
                study.optimize(objective, n_trials=trials)
                ours = (clock() - before) / trials
                other = optuna.create_study(
                    sampler=samplers[strategy](), storage=None if store == "memory" else f"sqlite:///{file}.theirs"
                )
                before = clock()
                other.optimize(objective, n_trials=theirs)
                ratios.append((clock() - before) / theirs / ours)
                costs.append(1e6 * ours)
            what = f"optimize, {store}, {strategy}, 10 parameters"
            print(f"{what:56} {statistics.median(costs):10.1f} µs a trial")
            show(f"{what}: times Optuna's speed", statistics.median(ratios), "x", limit, at_least=True)


def rss():
    pages = int(pathlib.Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def bytes_a_trial(run):
    """How much 80,000 trials take after the first 20,000."""
    run(20_000)
    before = rss()
    run(80_000)
    return (rss() - before) / 80_000


def bench_memory():
    declared = tunesmith.Study("s", ten(), metric="value", strategy="random")

    def ask_and_tell(trials):
        for _ in range(trials):
            run = declared.ask()
            run.params
            declared.tell(run, 1.0)

    dynamic = tunesmith.create_study(strategy="random")
    history = bytes_a_trial(ask_and_tell)
    print(f"{'a trial of 10 parameters in the history':56} {history:10.0f} bytes")
    grown = bytes_a_trial(lambda trials: dynamic.optimize(objective, n_trials=trials))
    show("optimize over 100,000 trials, beyond the history", 100 * (grown / history - 1), "%", 5)


if __name__ == "__main__":
    benches = {name[6:]: function for name, function in list(globals().items()) if name.startswith("bench_")}
    for name in sys.argv[1:] or benches:
        benches[name]()
    sys.exit(1 if missed else 0)
