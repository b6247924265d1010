#!/usr/bin/env python3
"""Kills a tuning job before and after every write and every start, and at random moments, and continues it.

Checked: nothing that was acknowledged is lost, no configuration and no attempt is doubled, with one worker the
suggestions and values equal those of a job that was never killed, no process outlives its tuner.

    crash_points_test.py path/to/crash_host path/to/tunesmith-launcher [--long] [--seed N]
"""

import argparse
import itertools
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from crash_job import KILLED, CrashJob, calm_log

STRATEGIES = ("random", "grid", "bayesian")
EXECUTORS = ("thread_pool", "subprocess")
TRIALS = 6
# Reached once in a session, so that the fourth time is the fourth session's.
ONCE = ("open_study", "append:budget", "append:session", "release", "executor.open", "executor.end", "lease")
# Reached only where an attempt was left open by the session before, once for each.
AFTER_A_CRASH = ("append:restarted", "executor.recover")


class PointTest:
    def __init__(self, programs, scratch):
        self.programs = programs
        self.scratch = Path(scratch)
        self.calm = {}

    def calm_job(self, strategy, executor, trials):
        key = (strategy, executor, trials)
        if key not in self.calm:
            folder = self.scratch / ("calm%d" % len(self.calm))
            folder.mkdir()
            self.calm[key] = calm_log(self.programs, folder, strategy, executor, trials)
        return self.calm[key]

    def job(self, strategy, executor, trials, **options):
        return CrashJob(self.programs, self.scratch / ("job%d" % CrashJob.count), strategy, executor, trials, **options)

    def crash(self, job, point, occurrence):
        status = job.run("--crash-at", point, "--occurrence", str(occurrence))
        assert status == KILLED, "%s was not reached %d times: status %d\n%s" % (point, occurrence, status, job.output())
        job.check()

    def check_point(self, point, occurrence, strategy, executor, parallel):
        name = point.split(":", 1)[1]
        # A trial that ends before its tuner is seen to be gone would be harvested instead of run again.
        pace = 50 if name in AFTER_A_CRASH else 0
        job = self.job(strategy, executor, TRIALS, parallel=parallel, pace=pace)
        sessions = occurrence if name in ONCE and name not in ("append:budget", "release", "executor.end") else 1
        if name in AFTER_A_CRASH:
            for _ in range(occurrence):
                self.crash(job, "after:append:started", 1)
                self.crash(job, point, 1)
        elif name in ONCE:
            for _ in range(sessions):
                self.crash(job, point, 1)
        else:
            self.crash(job, point, occurrence)
        for _ in range(2):  # the second time there is nothing left to do
            assert job.run() == 0, job.output()
            job.check_done(self.calm_job(strategy, executor, TRIALS))

    def check_random_moments(self, strategy, executor, parallel, kills, rng):
        """Studies until so many of their tuners were killed."""
        trials = 12
        pace = 2 if executor == "thread_pool" else 5
        killed = studies = 0
        while killed < kills:
            job = self.job(strategy, executor, trials, parallel=parallel, pace=pace)
            studies += 1
            while True:
                process = job.start()
                try:
                    status = process.wait(timeout=rng.uniform(0.005, 0.1))
                    assert status == 0, job.output()
                    break
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
                    killed += 1
                    job.check()
            job.check_done(self.calm_job(strategy, executor, trials))
        print("%s: %d random kills, %d studies" % (job.words, killed, studies), flush=True)


def cases(points, rng, everything):
    """(point, occurrence, strategy, executor, parallel): all, or each point both times with each executor."""
    whole = list(itertools.product(points, (1, 4), STRATEGIES, EXECUTORS, (1, 3)))
    if everything:
        return whole
    sample = []
    for point in points:
        for key in itertools.product((1, 4), EXECUTORS):
            sample.append(rng.choice([case for case in whole if (case[0], case[1], case[3]) == (point, *key)]))
    return sample


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs=2)
    parser.add_argument("--long", action="store_true", help="every case, and more random kills")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    programs = [os.path.abspath(program) for program in args.programs]
    points = subprocess.run([programs[0], "--list"], capture_output=True, text=True, check=True).stdout.split()
    assert len(points) >= 30, points
    with tempfile.TemporaryDirectory() as scratch:
        test = PointTest(programs, scratch)
        chosen = cases(points, rng, args.long)
        for case in chosen:
            try:
                test.check_point(*case)
            except AssertionError as error:
                raise AssertionError("%s: %s" % (case, error)) from error
        print("%d points, %d cases: 0 lost, 0 doubled, 0 diverged, 0 left" % (len(points), len(chosen)), flush=True)
        for strategy in STRATEGIES:
            for executor in EXECUTORS:
                for parallel in (1, 3) if args.long else (rng.choice((1, 3)),):
                    test.check_random_moments(strategy, executor, parallel, 34 if args.long else 7, rng)
    return 0


if __name__ == "__main__":
    sys.exit(main())
