#!/usr/bin/env python3
"""Kills a tuning job before, in the middle of and after each of its calls that change files, and continues it.

Below the library's contracts: torn writes, half-made stores and half-made trial folders. Checked as in
crash_points_test.py.

    kill_at_call_test.py path/to/crash_host path/to/tunesmith-launcher path/to/libkill_at_call.so [--long] [--seed N]
"""

import argparse
import itertools
import os
import random
import sys
import tempfile
from pathlib import Path

from crash_job import KILLED, CrashJob, calm_log

TRIALS = 3
ACTIONS = ("before", "half", "after")


def prepare(job, continued):
    """`continued`: a session that was killed comes before the one that is looked at."""
    if continued:
        assert job.run("--crash-at", "after:append:started", "--occurrence", "2") == KILLED, job.output()


class CallTest:
    def __init__(self, programs, shim, scratch):
        self.programs = programs
        self.shim = shim
        self.scratch = Path(scratch)

    def job(self, executor, continued):
        folder = self.scratch / ("job%d" % CrashJob.count)
        job = CrashJob(self.programs, folder, "random", executor, TRIALS)
        prepare(job, continued)
        return job

    def count(self, executor, continued):
        job = self.job(executor, continued)
        assert job.run_with_shim(self.shim, 0, "count") == 0, job.output()
        return len(job.calls())

    def kill(self, executor, continued, number, action, calm):
        job = self.job(executor, continued)
        status = job.run_with_shim(self.shim, number, action)
        call = job.calls()[-1]
        # How many calls there are depends on when the script's output comes: near the end there may be one less.
        assert status == KILLED or (status == 0 and len(job.calls()) < number), "%s: %d, %s" % (call, status, job.output())
        try:
            if number % 2 == 0:  # otherwise the next tuner is the first to open what is left
                job.check()
            assert job.run() == 0, job.output()
            job.check_done(calm)
        except AssertionError as error:
            raise AssertionError("%s, killed %s %s: %s" % (job.words, action, call, error)) from error


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs=2)
    parser.add_argument("shim")
    parser.add_argument("--long", action="store_true", help="every call")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    programs = [os.path.abspath(program) for program in args.programs]
    with tempfile.TemporaryDirectory() as scratch:
        test = CallTest(programs, os.path.abspath(args.shim), scratch)
        for executor, continued in itertools.product(("thread_pool", "subprocess"), (False, True)):
            calm_folder = Path(scratch) / ("calm%d" % CrashJob.count)
            calm_folder.mkdir()
            calm = calm_log(programs, calm_folder, "random", executor, TRIALS)
            calls = test.count(executor, continued)
            assert calls > 60, "the shim saw %d calls" % calls
            cases = list(itertools.product(range(1, calls + 1), ACTIONS))
            for number, action in cases if args.long else rng.sample(cases, 45):
                test.kill(executor, continued, number, action, calm)
            print("%s, %s: %d calls, %d kills: 0 lost, 0 doubled, 0 diverged, 0 left" % (
                executor, "continued" if continued else "new", calls, len(cases) if args.long else 45), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
