"""A tuner beside all others whose runs are there: compare.py HARNESS [tuner] [--workers 4]

Difference of normalised regret (negative: the tuner is better) at 25, 50 and 100 % of the wall-clock and of the epochs,
averaged over the benchmarks that both ran, with the middle 95 % of a bootstrap over the seeds that both ran, by benchmark.
Runs that were cut short count as far as they came.
"""

import argparse
import collections
import json
import pathlib
import random
import statistics

SHARES = (0.25, 0.5, 1.0)
DRAWS = 1000


def regrets(path, workers, reference, optimum):
    """{benchmark: {seed: [regret at each share of the wall-clock, then of the epochs; None: not reached]}}"""
    found = collections.defaultdict(dict)
    for line in path.read_text().splitlines():
        run = json.loads(line)
        name = run["bench"]
        if "error" in run or run["workers"] != workers or name not in reference:
            continue
        reached = min(run.get("stop_frac", 1.0), run["clock_frac"] if run["aborted"] else 1.0)
        row = []
        for axis in ("by_time", "by_epochs"):
            for share in SHARES:
                value = run[axis][int(share * 40) - 1]
                there = share <= reached + 1e-9 if axis == "by_time" else reached >= 1 or share <= run["epochs_frac"]
                scale = reference[name] - optimum[name]
                row.append((value - optimum[name]) / scale if there and value is not None else None)
        found[name][run["seed"]] = row
    return found


def differences(ours, theirs, column):
    """By benchmark, over the seeds of both."""
    by_benchmark = []
    for name in sorted(set(ours) & set(theirs)):
        pairs = [(ours[name][s][column], theirs[name][s][column]) for s in sorted(set(ours[name]) & set(theirs[name]))]
        one = [a - b for a, b in pairs if a is not None and b is not None]
        if one:
            by_benchmark.append(one)
    return by_benchmark


def described(by_benchmark, rng):
    if not by_benchmark:
        return f"{'-':^23s}"
    means = sorted(
        statistics.fmean(statistics.fmean(rng.choices(one, k=len(one))) for one in by_benchmark) for _ in range(DRAWS)
    )
    mean = statistics.fmean(statistics.fmean(one) for one in by_benchmark)
    return f"{mean:+.3f} [{means[DRAWS // 40]:+.3f}, {means[-DRAWS // 40]:+.3f}]"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", type=pathlib.Path)
    parser.add_argument("tuner", nargs="?", default="tunesmith")
    parser.add_argument("--workers", type=int, default=4)
    arguments = parser.parse_args()
    known = json.loads((arguments.harness / "results.json").read_text())
    raw = arguments.harness / "results" / "raw"
    ours = regrets(raw / f"{arguments.tuner}.jsonl", arguments.workers, known["reference"], known["optimum"])
    rng = random.Random(0)
    for path in sorted(raw.glob("*.jsonl")):
        if path.stem == arguments.tuner:
            continue
        theirs = regrets(path, arguments.workers, known["reference"], known["optimum"])
        columns = [differences(ours, theirs, column) for column in range(2 * len(SHARES))]
        if columns[0]:
            pairs = sum(len(one) for one in columns[0])
            print(f"{path.stem:22s} {pairs:3d} pairs ", " ".join(described(one, rng) for one in columns))


if __name__ == "__main__":
    main()
