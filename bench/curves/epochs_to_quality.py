"""How soon tuners are as good as random search is at the end: epochs_to_quality.py HARNESS [--workers 4] [tuner ...]

For each benchmark the share of the epochs after which the mean best value of a tuner's runs is that of random search
without stopping after all of them; the grid of the recorded runs is a fortieth. Without tuners: all that are there.
"""

import argparse
import json
import pathlib
import statistics

SHARES = 40


def runs_of(path, workers):
    """By benchmark the best values after each fortieth of the epochs, of the runs that were not cut short."""
    found = {}
    for line in path.read_text().splitlines():
        run = json.loads(line)
        whole = "error" not in run and not run["aborted"] and run.get("stop_frac", 1) >= 1
        if whole and run["workers"] == workers:
            found.setdefault(run["bench"], {})[run["seed"]] = run["by_epochs"]
    return found


def mean_at(runs, share):
    values = [one[share] for one in runs.values()]
    return None if any(value is None for value in values) else statistics.fmean(values)


def share_needed(runs, target):
    for share in range(SHARES):
        value = mean_at(runs, share)
        if value is not None and value <= target:
            return (share + 1) / SHARES
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", type=pathlib.Path)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("tuners", nargs="*")
    arguments = parser.parse_args()
    raw = arguments.harness / "results" / "raw"
    tuners = arguments.tuners or sorted(path.stem for path in raw.glob("*.jsonl"))
    baseline = runs_of(raw / "random.jsonl", arguments.workers)
    for benchmark in sorted(baseline):
        target = mean_at(baseline[benchmark], SHARES - 1)
        print(f"{benchmark}, {arguments.workers} workers: random search ends at {target:.6g}")
        for tuner in tuners:
            runs = runs_of(raw / f"{tuner}.jsonl", arguments.workers).get(benchmark)
            if runs:
                share = share_needed(runs, target)
                text = "not reached" if share is None else f"{share:6.1%} of the epochs, {1 / share:.1f} times fewer"
                print(f"  {tuner:28s} {text}  ({len(runs)} runs)")


if __name__ == "__main__":
    main()
