#!/usr/bin/env python3
"""A tuning job whose disk is full, broken or read-only: it says so and goes on once the disk is well.

Checked: an error that names the path; nothing is acknowledged that is not stored; the store opens afterwards; a trial
whose log cannot be written is read for metrics all the same.

    bad_disk_test.py path/to/crash_host path/to/tunesmith-launcher path/to/libkill_at_call.so [--long] [--seed N]
"""

import argparse
import errno
import os
import random
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from crash_job import CrashJob, calm_log

TRIALS = 3
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS)


@contextmanager
def mounted(*arguments):
    """A mount for as long as the block runs; the last argument is its folder. False where that is not allowed."""
    done = subprocess.run(["mount", *map(str, arguments)], capture_output=True).returncode == 0
    try:
        yield done
    finally:
        if done:
            subprocess.run(["umount", "-l", str(arguments[-1])], check=True)


class DiskTest:
    def __init__(self, programs, shim, scratch):
        self.programs = programs
        self.shim = shim
        self.scratch = Path(scratch)
        self.calm = {executor: calm_log(programs, self.scratch, "random", executor, TRIALS)
                     for executor in ("thread_pool", "subprocess")}

    def job(self, executor, trials=TRIALS):
        folder = self.scratch / ("job%d" % CrashJob.count)
        return CrashJob(self.programs, folder, "random", executor, trials)

    def check_errors(self, executor, number, action):
        """The call fails, or it and all after it: the job ends with an error, or did not need the call."""
        job = self.job(executor)
        status = job.run_with_shim(self.shim, number, action)
        calls = job.calls()
        words = "%s, error %s from call %s (%d calls)" % (job.words, action, calls[min(number, len(calls)) - 1], len(calls))
        try:
            assert status in (0, 3), "exit status %d: %s" % (status, job.output())
            if status == 3:
                assert str(job.folder / "disk") in job.output(), "the error names no path: " + job.output()
            log = job.check()
            if status == 0:
                assert len(log) == TRIALS and all(trial["state"] in ("completed", "failed") for trial in log), log
            assert job.run() == 0, job.output()
            log = job.check()
            failed = [trial for trial in log if trial["state"] != "completed"]
            for trial in failed:  # only what the disk spoilt, and the rest of the disk was well
                assert not action.endswith("+") and str(job.folder / "disk") in trial["reason"], trial
            if not failed:
                job.check_done(self.calm[executor])
        except AssertionError as error:
            raise AssertionError("%s: %s" % (words, error)) from error
        return status

    def count(self, executor):
        job = self.job(executor)
        assert job.run_with_shim(self.shim, 0, "count") == 0, job.output()
        return len(job.calls())

    def check_log_full(self):
        """No byte can be written to a trial's log."""
        for error in ERRORS:
            job = self.job("subprocess")
            status = job.run_with_shim(self.shim, 1, "%d+" % error, ".log", "tunesmith-launcher")
            assert status == 0, job.output()
            assert job.calls(), "the shim was not loaded"
            job.check_done(self.calm["subprocess"])
            assert "its log is not whole: " + os.strerror(error) in job.output(), job.output()

    def check_no_status(self):
        """How a trial ended cannot be written down: the trial is lost, and says why."""
        job = self.job("subprocess")
        job.run_with_shim(self.shim, 1, "%d+" % errno.ENOSPC, ".status", "tunesmith-launcher")
        for trial in job.check():
            assert trial["state"] == "lost", trial
            assert "could not write" in trial["reason"] and "attempt-1.status" in trial["reason"], trial

    def check_full_for_all(self):
        """Store and trials on a disk of their own that becomes full, and then larger."""
        job = self.job("subprocess", 40)
        disk = job.folder / "disk"
        with mounted("-t", "tmpfs", "-o", "size=400k", "none", disk) as done:
            if not done:
                return False
            assert job.run() == 3, job.output()
            assert "the disk is full" in job.output() and str(disk) in job.output(), job.output()
            assert 0 < len(job.check()) < 40
            subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
            assert job.run() == 0, job.output()
            job.check_done(calm_log(self.programs, job.folder, "random", "subprocess", 40))
        return True

    def check_full_for_trials(self):
        """A disk that is full before a trial prints, with the store elsewhere."""
        job = self.job("subprocess")
        trials = job.folder / "disk" / "trials"
        trials.mkdir()
        script = job.folder / "fill.sh"
        script.write_text("#!/bin/sh\ncat /dev/zero > ../../filler 2> /dev/null\nexec %s \"$@\"\n" % job.script)
        script.chmod(0o755)
        job.script = script
        with mounted("-t", "tmpfs", "-o", "size=400k", "none", trials) as done:
            if not done:
                return False
            assert job.run() == 0, job.output()
            log = job.check()
            assert log[0]["state"] == "completed" and log[0]["reports"] == 3, (log, job.output())
            for trial in log[1:]:
                assert trial["state"] == "failed" and str(trials) in trial["reason"], trial
        return True

    def check_read_only(self, made):
        """A disk that may only be read, with a store on it or without."""
        job = self.job("thread_pool")
        if made:
            assert job.run() == 0, job.output()
        disk = job.folder / "disk"
        with mounted("--bind", disk, disk) as done:
            if not done or subprocess.run(["mount", "-o", "remount,ro,bind", disk], capture_output=True).returncode != 0:
                return False
            assert job.run() == 3, job.output()
            assert "store_unavailable" in job.output() and str(job.store) in job.output(), job.output()
            assert "read-only" in job.output().lower(), job.output()
        assert job.run() == 0, job.output()
        job.check_done(self.calm["thread_pool"])
        return True


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
        test = DiskTest(programs, os.path.abspath(args.shim), scratch)
        for executor, sample in (("thread_pool", 150), ("subprocess", 60)):
            cases = [(number, "%d%s" % (error, end)) for number in range(1, test.count(executor) + 1)
                     for error in ERRORS for end in ("", "+")]
            chosen = cases if args.long else rng.sample(cases, sample)
            statuses = [test.check_errors(executor, *case) for case in chosen]
            assert statuses.count(3) > len(chosen) // 2, "the shim spoils too little"
            print("%s: %d errors of the disk, %d told and %d survived" % (
                executor, len(chosen), statuses.count(3), statuses.count(0)), flush=True)
        test.check_log_full()
        test.check_no_status()
        for name, check in (("full for all", test.check_full_for_all), ("full for trials", test.check_full_for_trials),
                            ("read-only, no store", lambda: test.check_read_only(False)),
                            ("read-only, a store", lambda: test.check_read_only(True))):
            print("a disk that is %s: %s" % (name, "passed" if check() else "skipped: mounts are not allowed here"), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
