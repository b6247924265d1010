#!/usr/bin/env python3
"""One measurement in this process: prints the CPU and wall seconds of one unit of work as JSON.

Usage: measure.py TUNER import
       measure.py TUNER ask_tell SAMPLER TRIALS UNITS      SAMPLER: random, model, gp, tpe, cma_es
                                                           TRIALS: those there before
       measure.py TUNER write FILE REPORTS UNITS [DURABILITY]    a trial of ten parameters to an SQLite file
       measure.py TUNER fill FILE TRIALS                   what `load` loads
       measure.py TUNER load FILE                          every trial's parameters and value
"""

import importlib
import json
import math
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"):
    os.environ[name] = "1"


def timed(work, units=1):
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu": cpu / units, "wall": wall / units}, result


def loss(params):
    """Smooth, with noise-free ties; its minimum lies inside the space."""
    return (
        sum((params[f"x{i}"] - 0.3) ** 2 for i in range(4))
        + sum((math.log10(params[f"l{i}"]) + 3) ** 2 / 4 for i in range(2))
        + ((params["i0"] - 20) / 64) ** 2
        + ((params["i1"] - 4) / 10) ** 2
        + {"a": 0, "b": 0.3, "c": 0.6}[params["c0"]]
        + {"p": 0.4, "q": 0, "r": 0.2, "s": 0.5, "t": 0.1}[params["c1"]]
    )


def run(tuner, study, units, reports=0):
    for _ in range(units):
        trial, params = tuner.ask(study)
        for step in range(reports):
            tuner.report(study, trial, step + 1, 1 / (step + 1))
        tuner.tell(study, trial, loss(params))


def ask_tell(tuner, sampler, trials, units):
    storage = tuner.store()
    before = sampler if sampler == "cma_es" else "random"  # CMA-ES has its state from trials of its own
    run(tuner, tuner.study(before, storage), int(trials))
    study = tuner.study(sampler, storage)
    run(tuner, study, 1)  # what happens once: a first fit, imports inside the tuner
    return timed(lambda: run(tuner, study, int(units)), int(units))[0]


def write(tuner, file, reports, units, durability="full"):
    study = tuner.study("random", tuner.store(file, durability))
    run(tuner, study, 1, int(reports))
    return timed(lambda: run(tuner, study, int(units), int(reports)), int(units))[0]


def fill(tuner, file, trials):
    storage = tuner.store()
    run(tuner, tuner.study("random", storage), int(trials))
    return timed(lambda: tuner.copy(storage, file))[0]


def load(tuner, file):
    seconds, trials = timed(lambda: tuner.trials(file))
    return seconds | {"trials": len(trials)}


def main():
    name, measure, *arguments = sys.argv[1:]
    if measure == "import":
        result = timed(lambda: importlib.import_module(name))[0]
    else:
        tuner = importlib.import_module("with_" + name)
        result = {"ask_tell": ask_tell, "write": write, "fill": fill, "load": load}[measure](tuner, *arguments)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
