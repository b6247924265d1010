#!/usr/bin/env python3
"""Kills a tuning job before and after every write and every start, and at random moments, and continues it.

Checked: nothing that was acknowledged is lost, no configuration and no attempt is doubled, with one worker the
suggestions and values equal those of a job that was never killed, no process outlives its tuner.

    crash_points_test.py path/to/crash_host path/to/tunesmith-launcher [--long] [--seed N]
"""

import itertools
import sys
import tempfile
from pathlib import Path

from crash_job import CrashJob, CrashPoints, calm_log, kill_at_random, name_of

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

    def check_point(self, point, occurrence, strategy, executor, parallel):
        name = name_of(point)
        # A trial that ends before its tuner is seen to be gone would be harvested instead of run again.
        pace = 50 if name in AFTER_A_CRASH else 0
        job = self.job(strategy, executor, TRIALS, parallel=parallel, pace=pace)
        sessions = occurrence if name in ONCE and name not in ("append:budget", "release", "executor.end") else 1
        if name in AFTER_A_CRASH:
            for _ in range(occurrence):
                job.crash("after:append:started")
                job.crash(point)
        elif name in ONCE:
            for _ in range(sessions):
                job.crash(point)
        else:
            job.crash(point, occurrence)
        job.go_on(self.calm_job(strategy, executor, TRIALS))

    def check_random_moments(self, strategy, executor, parallel, kills, rng):
        trials = 12
        pace = 2 if executor == "thread_pool" else 5
        kill_at_random(lambda: self.job(strategy, executor, trials, parallel=parallel, pace=pace), kills, rng, 0.1,
                       self.calm_job(strategy, executor, trials))


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
    test = CrashPoints(__doc__)
    with tempfile.TemporaryDirectory() as scratch:
        points = PointTest(test.programs, scratch)
        test.run_cases(cases(test.points, test.rng, test.long), points.check_point)
        for strategy in STRATEGIES:
            for executor in EXECUTORS:
                for parallel in (1, 3) if test.long else (test.rng.choice((1, 3)),):
                    points.check_random_moments(strategy, executor, parallel, 34 if test.long else 7, test.rng)
    return 0


if __name__ == "__main__":
    sys.exit(main())
