"""What stopping and pausing cost: lost_by_stopping.py HARNESS TUNER [--workers 4] [--seeds 5] [--bench a,b]

Replays the tuner's runs, and then the curves of all trials that it did not run to their end: how much better the best of
them would have been than what it found, in shares of (median random configuration - best known). PYTHONPATH holds the
Python module.
"""

import argparse
import math
import pathlib
import statistics
import sys
import zlib


class Watched:
    """A tuner whose configurations and values are noted."""

    def __init__(self, tuner):
        self.tuner = tuner
        self.configurations = {}
        self.best = math.inf

    def suggest(self):
        work = self.tuner.suggest()
        if work is not None:
            self.configurations[work[0]] = work[1]
        return work

    def report(self, number, epoch, value):
        self.best = min(self.best, value)
        return self.tuner.report(number, epoch, value)

    def complete(self, number):
        self.tuner.complete(number)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harness", type=pathlib.Path)
    parser.add_argument("tuner")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--bench")
    arguments = parser.parse_args()
    sys.path[:0] = [str(arguments.harness), str(pathlib.Path(__file__).parent)]
    import adapters_tunesmith
    import mfbench
    import run

    for name in arguments.bench.split(",") if arguments.bench else run.BENCH:
        problem = mfbench.problem(name)
        scale = problem.reference() - problem.optimum()
        lost = []
        for seed in range(arguments.seeds):
            key = 1000 * seed + zlib.crc32(name.encode()) % 1000
            tuner = Watched(adapters_tunesmith.mk(arguments.tuner)(problem, key))
            mfbench.simulate(problem, tuner, arguments.workers)
            ends = [problem.curve(one)[0] for one in tuner.configurations.values()]
            possible = min(min(curve[epoch] for epoch in range(problem.E)) for curve in ends)
            lost.append(max(0.0, tuner.best - possible) / scale)
        shown = " ".join(f"{one:.3f}" for one in lost)
        print(f"{name} {arguments.tuner}: {statistics.fmean(lost):.3f} lost on average; by seed {shown}", flush=True)


if __name__ == "__main__":
    main()
