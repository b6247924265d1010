#!/usr/bin/env python3
"""Kills a tuning job whose trials are paused and promoted before and after every write and every call, and continues it.

Checked beside what crash_points_test.py checks: with one worker the same trials are promoted, to the same levels and
with the same values, as in a job that was never killed; every trial reported every level up to its own; its checkpoint
holds every epoch once; and retired trials keep no checkpoint.

    crash_promotion_test.py path/to/crash_host path/to/tunesmith-launcher [--long] [--seed N]
"""

import functools
import itertools
import sys
import tempfile
from pathlib import Path

from crash_job import CrashJob, CrashPoints, kill_at_random, name_of

TRIALS = 9
EXECUTORS = ("thread_pool", "subprocess")
# Reached once in a session, or only where an attempt was left open. Trials that are retired with the next suggestion are
# one append with it.
ONCE = ("open_study", "append:retired", "append:budget", "append:session", "release", "executor.open", "executor.end",
        "lease", "append:restarted", "executor.recover")
AFTER_A_CRASH = ("append:restarted", "executor.recover")


class PromotionJob(CrashJob):
    def __init__(self, programs, folder, executor, parallel=1, pace=0):
        super().__init__(programs, folder, "halving", executor, TRIALS, parallel, pace)

    def checkpoint(self, trial):
        path = self.folder / "disk" / "trials" / ("trial-%04d" % trial) / "checkpoints" / "epochs"
        return [int(word) for word in path.read_text().split()] if path.exists() else None

    def facts(self):
        return [(t["configuration"], t["state"], t["until"], t["value"]) for t in self.log()]

    def check_done(self, calm):
        log = self.check()
        assert len(log) == TRIALS, "%d of %d trials" % (len(log), TRIALS)
        best = min((t for t in log if t["value"] is not None), key=lambda t: t["value"])
        for trial in log:
            assert trial["state"] in ("completed", "stopped"), trial
            assert trial["reports"] == trial["until"], "lost or doubled: reports of %s" % trial
            if self.executor == "subprocess":
                epochs = self.checkpoint(trial["trial"])
                if trial["state"] == "completed" or trial["trial"] == best["trial"]:
                    assert epochs == list(range(1, int(trial["until"]) + 1)), (epochs, trial)
                else:
                    assert epochs is None, "the checkpoint of a retired trial is left: %s" % trial
        assert sum(t["until"] > 1 for t in log) >= 3, "nothing was promoted: %s" % log
        if self.parallel == 1:
            assert self.facts() == calm, "diverged: %s" % self.facts()


def check_point(programs, scratch, calm, point, occurrence, executor, parallel):
    name = name_of(point)
    job = PromotionJob(programs, scratch / ("job%d" % CrashJob.count), executor, parallel,
                       pace=50 if name in AFTER_A_CRASH else 0)
    if name in AFTER_A_CRASH:
        job.crash("after:append:started", occurrence)
    job.crash(point, 1 if name in ONCE else occurrence)
    job.go_on(calm[executor])


def main():
    test = CrashPoints(__doc__, "--promotions")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        calm = {}
        for executor in EXECUTORS:
            job = PromotionJob(test.programs, scratch / ("calm-" + executor), executor)
            assert job.run() == 0, job.output()
            calm[executor] = job.facts()
            job.check_done(calm[executor])
        cases = list(itertools.product(test.points, (1, 2), EXECUTORS, (1, 3)))
        if not test.long:
            new = [case for case in cases
                   if name_of(case[0]) in ("append:resumed", "append:retired", "executor.retire") and case[3] == 1]
            cases = new + test.rng.sample([case for case in cases if case not in new], 24)
        test.run_cases(cases, functools.partial(check_point, test.programs, scratch, calm))
        for executor, parallel in itertools.product(EXECUTORS, (1, 3)):
            kill_at_random(lambda e=executor, p=parallel: PromotionJob(
                test.programs, scratch / ("job%d" % CrashJob.count), e, p, pace=3),
                40 if test.long else 6, test.rng, 0.15, calm[executor])
    return 0


if __name__ == "__main__":
    sys.exit(main())
