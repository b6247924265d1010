#!/usr/bin/env python3
"""Trials that do not do as they should: what they start is ended, what they print is bounded, why they died is said.

    unruly_trials_test.py path/to/crash_host path/to/tunesmith-launcher [--long]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crash_job import CrashJob

CGROUP = Path("/sys/fs/cgroup/memory")
DAEMON = """
import os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        open("daemon", "w").close()
        time.sleep(1000)
    os._exit(0)
"""
# What a script starts; it then waits, or ends and leaves that behind.
BODIES = {
    "ignores SIGTERM": "trap '' TERM; touch up",
    "forks": "for i in 1 2 3; do (trap '' TERM HUP; sleep 1000; :) & done; touch up",
    "escapes with setsid": "setsid sh -c 'trap \"\" TERM; touch up; sleep 1000; :' &",
    "makes a daemon": "python3 daemon.py; while [ ! -e daemon ]; do sleep 0.01; done; touch up",
    "clears its environment": "env -i setsid sh -c 'trap \"\" TERM; touch up; sleep 1000; :' &",
    "holds the pipe": "(sleep 1000; echo 'loss: 2') & touch up",
}


class UnrulyTest:
    def __init__(self, programs, scratch):
        self.programs = programs
        self.scratch = Path(scratch)

    def job(self, body, trials=1):
        job = CrashJob(self.programs, self.scratch / ("job%d" % CrashJob.count), "random", "subprocess", trials)
        job.script = job.folder / "script.sh"
        job.script.write_text("#!/bin/sh\ncd '%s'\n%s\n" % (job.folder, body))
        job.script.chmod(0o755)
        (job.folder / "daemon.py").write_text(DAEMON)
        return job

    @staticmethod
    def all_processes(job):
        """Those with the tag, and those whose current folder is the job's: the tag may have been cleared."""
        found = set(job.survivors())
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "cwd").startswith(str(job.folder)):
                    found.add(int(entry.name))
            except OSError:
                pass
        return found

    def check_gone(self, job, words):
        deadline = time.monotonic() + 15
        while self.all_processes(job):
            assert time.monotonic() < deadline, "%s: left: %s" % (words, self.all_processes(job))
            time.sleep(0.02)

    def check_tuner_killed(self, name, body):
        """The tuner is killed while the trial is at its worst."""
        job = self.job(body + "\nsleep 1000\n:")
        tuner = job.start()
        deadline = time.monotonic() + 20
        while not (job.folder / "up").exists():
            assert time.monotonic() < deadline, job.output()
            time.sleep(0.01)
        assert len(self.all_processes(job)) >= 3, "%s: the trial does nothing unruly" % name
        tuner.kill()
        tuner.wait()
        self.check_gone(job, name + ", tuner killed")

    def check_script_ends(self, name, body):
        """The script goes away and leaves the rest behind."""
        job = self.job(body + "\nwhile [ ! -e up ]; do sleep 0.01; done\necho 'loss: 1'\nexit 0")
        assert job.run() == 0, job.output()
        self.check_gone(job, name + ", script ended")
        log = job.log()
        assert log[0]["state"] == "completed" and log[0]["value"] == 1, (name, log)

    def check_flood(self, size):
        """Output without a newline: the tuner's memory stays bounded, and what comes after is read."""
        job = self.job("echo 'loss: 1'; head -c %d /dev/zero; echo; echo 'loss: 0.5'" % size)
        tuner = job.start("--log-bytes", "1000000")
        peak = 0
        while tuner.poll() is None:
            try:
                status = Path("/proc/%d/status" % tuner.pid).read_text()
                peak = max([peak] + [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")])
            except OSError:
                pass
            time.sleep(0.02)
        assert tuner.returncode == 0, job.output()
        assert 0 < peak < 64 * 1024, "the tuner took %d KiB" % peak
        trial = job.log()[0]
        assert trial["value"] == 0.5, trial
        logged = (job.folder / "disk" / "trials" / "trial-0000" / "attempt-1.log").stat().st_size
        assert logged < 1100000, "the log has %d bytes" % logged
        print("%g GB without a newline: peak of the tuner %d MiB" % (size / 1e9, peak / 1024), flush=True)

    def reason(self, body):
        job = self.job(body)
        job.run()
        self.check_gone(job, body)
        trial = job.log()[0]
        assert trial["state"] == "failed", trial
        return trial["reason"]

    def check_memory(self):
        """Memory that a limit refuses, and a kill by the kernel."""
        eat = "python3 -c \"a = bytearray(400 << 20)\""
        assert "MemoryError" in self.reason("ulimit -v 200000; exec " + eat)
        assert "out of memory" in self.reason("kill -9 $$")
        assert "out of memory" in self.reason("sh -c 'kill -9 $$'; exit $?")
        group = CGROUP / ("tunesmith-test-%d" % os.getpid())
        try:
            group.mkdir()
            (group / "memory.limit_in_bytes").write_text(str(64 << 20))
            try:
                (group / "memory.memsw.limit_in_bytes").write_text(str(64 << 20))
            except OSError:
                pass  # no accounting of swap here
        except OSError as error:
            print("killed for memory by a cgroup: skipped: %s" % error)
            return
        try:
            for end in ("exec " + eat, eat + "; exit $?"):
                reason = self.reason("echo $$ > %s/cgroup.procs; %s" % (group, end))
                assert "out of memory" in reason, reason
            print("killed for memory by a cgroup: \"%s\"" % reason.strip())
        finally:
            group.rmdir()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", nargs=2)
    parser.add_argument("--long", action="store_true", help="a flood of 10 GB instead of 1 GB")
    args = parser.parse_args()
    programs = [os.path.abspath(program) for program in args.programs]
    with tempfile.TemporaryDirectory() as scratch:
        test = UnrulyTest(programs, scratch)
        for name, body in BODIES.items():
            test.check_tuner_killed(name, body)
            test.check_script_ends(name, body)
        print("%d kinds of unruly trials: nothing left" % len(BODIES), flush=True)
        test.check_memory()
        test.check_flood(10 ** 10 if args.long else 10 ** 9)
    return 0


if __name__ == "__main__":
    sys.exit(main())
