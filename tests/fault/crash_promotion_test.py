#!/usr/bin/env python3
"""Kills a tuning job whose trials are paused and promoted before and after every write and every call, and continues it.

Checked beside what crash_points_test.py checks: with one worker the same trials are promoted, to the same levels and
with the same values, as in a job that was never killed; every trial reported every level up to its own; its checkpoint
holds every epoch once; and retired trials keep no checkpoint.

    crash_promotion_test.py path/to/crash_host path/to/tunesmith-launcher [--long] [--seed N]
"""

import argparse
import itertools
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from crash_job import KILLED, CrashJob

TRIALS = 9
EXECUTORS = ("thread_pool", "subprocess")
# Reached once in a session, or only where an attempt was left open. Trials that are retired with the next suggestion are
# one append with it.
ONCE = ("open_study", "append:retired", "append:budget", "append:session", "release", "executor.open", "executor.end",
        "lease", "append:restarted", "executor.recover")


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


def run_case(programs, scratch, point, occurrence, executor, parallel, calm):
    name = point.split(":", 1)[1]
    job = PromotionJob(programs, scratch / ("job%d" % CrashJob.count), executor, parallel,
                       pace=50 if name in ("append:restarted", "executor.recover") else 0)
    if name in ("append:restarted", "executor.recover"):
        status = job.run("--crash-at", "after:append:started", "--occurrence", str(occurrence))
        assert status == KILLED, job.output()
        job.check()
    status = job.run("--crash-at", point, "--occurrence", "1" if name in ONCE else str(occurrence))
    assert status == KILLED, "%s was not reached %d times: status %d\n%s" % (point, occurrence, status, job.output())
    job.check()
    for _ in range(2):  # the second time there is nothing left to do
        assert job.run() == 0, job.output()
        job.check_done(calm)


def random_moments(programs, scratch, executor, parallel, kills, rng, calm):
    killed = 0
    while killed < kills:
        job = PromotionJob(programs, scratch / ("job%d" % CrashJob.count), executor, parallel, pace=3)
        while True:
            process = job.start()
            try:
                assert process.wait(timeout=rng.uniform(0.01, 0.15)) == 0, job.output()
                break
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
                job.check()
        job.check_done(calm)
    print("%s: %d random kills" % (job.words, killed), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs=2)
    parser.add_argument("--long", action="store_true", help="every case, and more random kills")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    programs = [os.path.abspath(program) for program in args.programs]
    points = subprocess.run([programs[0], "--list", "--promotions"], capture_output=True, text=True,
                            check=True).stdout.split()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        calm = {}
        for executor in EXECUTORS:
            job = PromotionJob(programs, scratch / ("calm-" + executor), executor)
            assert job.run() == 0, job.output()
            calm[executor] = job.facts()
            job.check_done(calm[executor])
        cases = list(itertools.product(points, (1, 2), EXECUTORS, (1, 3)))
        if not args.long:
            new = [case for case in cases if case[0].split(":", 1)[1] in (
                "append:resumed", "append:retired", "executor.retire") and case[3] == 1]
            cases = new + rng.sample([case for case in cases if case not in new], 24)
        for case in cases:
            try:
                run_case(programs, scratch, *case, calm[case[2]])
            except AssertionError as error:
                raise AssertionError("%s: %s" % (case, error)) from error
        print("%d points, %d cases: 0 lost, 0 doubled, 0 diverged, 0 left" % (len(points), len(cases)), flush=True)
        for executor, parallel in itertools.product(EXECUTORS, (1, 3)):
            random_moments(programs, scratch, executor, parallel, 40 if args.long else 6, rng, calm[executor])
    return 0


if __name__ == "__main__":
    sys.exit(main())
