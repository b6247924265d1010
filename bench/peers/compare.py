#!/usr/bin/env python3
"""tunesmith beside Optuna and rustuna, one measurement per process, in pairs whose order alternates: whatever slows the
machine meets both. Prints a Markdown table: median seconds of each, and the ratio (peer to tunesmith) of CPU times over the
pairs, as minimum, median and maximum. Above 1: tunesmith took less.

    pip install optuna rustuna        # and cmaes, torch, botorch for more
    PYTHONPATH=build/release/python python3 bench/peers/compare.py [--pairs 5] [MEASURE...]

A measure whose peer lacks what it needs is left out, with a sentence: Optuna's GPSampler needs torch, its CmaEsSampler
cmaes, BoTorch's mixed Gaussian process with LogEI botorch.
"""

import argparse
import importlib.util
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

MEASURE = pathlib.Path(__file__).with_name("measure.py")
PEERS = ["optuna", "rustuna"]
NEEDED = {("gp", "optuna"): ["optuna", "torch"], ("cma_es", "optuna"): ["optuna", "cmaes"]}  # else: the peer's name
TRIALS_TO_LOAD = 10000


def measure(tuner, *arguments):
    done = subprocess.run(
        [sys.executable, MEASURE, tuner, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{tuner} {' '.join(map(str, arguments))}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def import_time(_):
    return {"import": ({peer: ("import",) for peer in PEERS}, ("import",))}


SAMPLERS = {
    "random": ("random search", PEERS, (100, 1000), 200),
    "model": ("Bayesian against TPE", PEERS, (30, 100, 300, 1000), 20),
    "gp": ("Bayesian against GPSampler or BoTorch", ["optuna", "botorch"], (30, 100, 300), 5),
    "tpe": ("TPE", PEERS, (30, 100, 300, 1000), 50),
    "cma_es": ("CMA-ES", ["optuna"], (100, 1000), 100),
}


def missing(group, peer):
    return [module for module in NEEDED.get((group, peer), [peer]) if importlib.util.find_spec(module) is None]


def ask_tell(sampler):
    words, peers, sizes, units = SAMPLERS[sampler]
    measures = {}
    for trials in sizes:
        arguments = ("ask_tell", sampler, trials, units)
        measures[f"ask + tell, {words}, {trials} trials before"] = ({peer: arguments for peer in peers}, arguments)
    return measures


def write(folder):
    """A new file for each measurement."""
    measures = {}
    for reports, peers in ((10, ["optuna"]), (0, PEERS)):
        for durability in ("full", "fast"):
            def arguments(name, reports=reports, durability=durability):
                file = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "study.db"
                return ("write", file, reports, 200 if name == "tunesmith" else 30, durability)

            words = f"write a trial with {reports} reports to SQLite (tunesmith: {durability})"
            measures[words] = ({peer: arguments for peer in peers}, arguments)
    return measures


def load(folder):
    files = {}

    def arguments(name):
        if name not in files:  # written once
            files[name] = pathlib.Path(folder) / f"{name}.db"
            measure(name, "fill", files[name], TRIALS_TO_LOAD)
        return ("load", files[name])

    return {f"load {TRIALS_TO_LOAD} trials from SQLite": ({peer: arguments for peer in PEERS}, arguments)}


GROUPS = {
    "import": import_time,
    **{sampler: lambda _, sampler=sampler: ask_tell(sampler) for sampler in SAMPLERS},
    "write": write,
    "load": load,
}


def seconds(value):
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-6:.3g} µs"


def row(words, peer, ours, theirs, pairs):
    cpu = {"ours": [], "theirs": []}
    wall = {"ours": [], "theirs": []}
    resolve = lambda arguments, name: arguments(name) if callable(arguments) else arguments
    for i in range(pairs):
        for who in ("ours", "theirs") if i % 2 == 0 else ("theirs", "ours"):
            name = "tunesmith" if who == "ours" else peer
            result = measure(name, *resolve(ours if who == "ours" else theirs, name))
            cpu[who].append(result["cpu"])
            wall[who].append(result["wall"])
    ratios = sorted(b / a for a, b in zip(cpu["ours"], cpu["theirs"], strict=True))
    middle = statistics.median
    cells = [words, peer, seconds(middle(cpu["ours"])), seconds(middle(cpu["theirs"]))]
    cells.append(f"{ratios[0]:.3g} / **{middle(ratios):.3g}** / {ratios[-1]:.3g}")
    cells += [seconds(middle(wall["ours"])), seconds(middle(wall["theirs"]))]
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help="of " + ", ".join(GROUPS))
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    unknown = set(options.measures) - set(GROUPS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))} (known: {', '.join(GROUPS)})")
    print("| | peer | tunesmith, CPU | peer, CPU | ratio min / median / max | tunesmith, wall | peer, wall |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for group in options.measures or GROUPS:
            left_out = set()
            for words, (theirs, ours) in GROUPS[group](folder).items():
                for peer in theirs:
                    if missing(group, peer):
                        left_out.add(peer)
                    else:
                        row(words, peer, ours, theirs[peer], options.pairs)
            for peer in sorted(left_out):
                absent = ", ".join(missing(group, peer))
                print(f"{group}: {peer} left out: {absent} not installed", file=sys.stderr)


if __name__ == "__main__":
    main()
