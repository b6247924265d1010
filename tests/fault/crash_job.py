"""A job run by crash_host, and what must hold of it however often it was killed."""

import argparse
import json
import os
import random
import subprocess
import time
import uuid
from pathlib import Path

SCRIPT = Path(__file__).with_name("crash_trial.sh")
KILLED = -9


class CrashJob:
    """`programs` are the paths of crash_host and of the launcher. Every process of the job carries a tag."""

    count = 0

    def __init__(self, programs, folder, strategy, executor, trials, parallel=1, pace=0):
        CrashJob.count += 1
        self.host, self.launcher = programs
        self.script = SCRIPT
        self.folder = Path(folder)
        self.folder.mkdir()
        (self.folder / "disk").mkdir()
        self.store = self.folder / "disk" / "study.db"
        self.ledger = self.folder / "ledger"
        self.acknowledged = self.folder / "acknowledged"
        self.tag = "CRASH_JOB=%s" % uuid.uuid4()
        self.trials = trials
        self.parallel = parallel
        self.executor = executor
        self.words = "%s, %s, %d at once" % (strategy, executor, parallel)
        self.options = ["--strategy", strategy, "--executor", executor, "--trials", str(trials)]
        self.options += ["--parallel", str(parallel), "--pace", str(pace)]
        self.known = {}

    def start(self, *options, environment=None):
        command = [self.host, "--store", self.store, "--folder", self.folder / "disk" / "trials"]
        command += ["--acknowledged", self.acknowledged, "--launcher", self.launcher, "--script", self.script]
        name, value = self.tag.split("=")
        env = dict(os.environ, **{name: value}, CRASH_LEDGER=str(self.ledger), **(environment or {}))
        with open(self.folder / "output", "ab") as output:
            return subprocess.Popen([str(word) for word in [*command, *self.options, *options]], env=env,
                                    stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def run(self, *options, environment=None):
        process = self.start(*options, environment=environment)
        try:
            return process.wait(timeout=120)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.wait()
            raise AssertionError("the job does not end: " + self.output()) from error

    def crash(self, point, occurrence=1):
        """Runs until it is killed at a named point, and checks what that left."""
        status = self.run("--crash-at", point, "--occurrence", str(occurrence))
        assert status == KILLED, "%s was not reached %d times: status %d\n%s" % (
            point, occurrence, status, self.output())
        self.check()

    def run_killed_at_random(self, rng, most):
        """Runs to its end, killed and continued after up to `most` seconds each; answers how often.

        On a machine that gets nowhere in that time it is given more with each kill."""
        killed = 0
        while True:
            process = self.start()
            try:
                patience = rng.uniform(most / 20, most) * (1 + killed / 20)
                assert process.wait(timeout=patience) == 0, self.output()
                return killed
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                killed += 1
                self.check()

    def go_on(self, calm):
        for _ in range(2):  # the second time there is nothing left to do
            assert self.run() == 0, self.output()
            self.check_done(calm)

    def run_with_shim(self, shim, number, action, place="/disk/", program="crash_host", *options):
        """The exit status, where the call `number` on files of `place` is treated so: see kill_at_call.cpp."""
        environment = {"LD_PRELOAD": shim, "KILL_AT_CALL_PROGRAM": program, "KILL_AT_CALL_FOLDER": place,
                       "KILL_AT_CALL_NUMBER": str(number), "KILL_AT_CALL_ACTION": action,
                       "KILL_AT_CALL_REPORT": str(self.folder / "calls")}
        return self.run(*options, environment=environment)

    def calls(self):
        """What run_with_shim has counted: "<number> <call> <path>"."""
        return (self.folder / "calls").read_text().splitlines()

    def output(self):
        return (self.folder / "output").read_text(errors="replace")

    def log(self):
        """The study as the store has it; nothing where it was never made."""
        if not self.store.exists():
            return []
        answer = subprocess.run([self.host, "--print", "--store", str(self.store)], capture_output=True, text=True)
        if answer.returncode == 3 and "there is no study" in answer.stderr:
            return []
        assert answer.returncode == 0, "the store cannot be read: " + answer.stderr
        return json.loads(answer.stdout)

    def survivors(self):
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if self.tag.encode() in (entry / "environ").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
                except OSError:
                    pass
        return found

    def check_no_survivors(self):
        deadline = time.monotonic() + 10
        while self.survivors():
            assert time.monotonic() < deadline, "processes outlived the tuner: %s" % [
                (pid, Path("/proc/%d/cmdline" % pid).read_bytes()) for pid in self.survivors()]
            time.sleep(0.01)

    def check(self):
        """Nothing lost, doubled or left; to be called when no tuner runs."""
        self.check_no_survivors()
        log = self.log()
        texts = [json.dumps(trial["configuration"]) for trial in log]
        assert len(set(texts)) == len(texts), "doubled: a configuration was suggested twice"
        for trial in log:
            assert trial["most_events"] <= 1, "doubled: an attempt was opened or ended twice: %s" % trial
        final = {t["trial"]: t for t in log if t["state"] not in ("running", "preempted", "paused")}
        for number, trial in self.known.items():
            assert final.get(number) == trial, "lost: %s became %s" % (trial, final.get(number))
        self.known = final
        if self.acknowledged.exists():
            self.check_acknowledged(log, final)
        if self.ledger.exists():
            starts = self.ledger.read_text().split()
            assert len(set(starts)) == len(starts), "doubled: an attempt was started twice"
        return log

    def check_acknowledged(self, log, final):
        lines = self.acknowledged.read_text().splitlines()
        assert len(set(lines)) == len(lines), "doubled: %s" % sorted(lines)
        for line in lines:
            kind, number, *end = line.split()
            assert int(number) < len(log), "lost: trial %s was acknowledged" % number
            if kind == "finished" and end[1] not in ("preempted", "paused"):
                trial = final.get(int(number))
                assert trial, "lost: the end of trial %s was acknowledged" % number
                assert [str(trial["attempt"]), trial["state"]] == end, "changed: %s, acknowledged: %s" % (trial, end)

    def check_done(self, calm):
        """The job is over, and gave what the job `calm`, which nobody killed, gave."""
        log = self.check()
        assert len(log) == self.trials, "%d of %d trials" % (len(log), self.trials)
        for trial in log:
            assert trial["state"] == "completed" and trial["value"] is not None, trial
            assert trial["reports"] == 3, "lost: reports of %s" % trial
        facts = [(t["configuration"], t["value"]) for t in log]
        if self.parallel == 1:
            assert facts == [(t["configuration"], t["value"]) for t in calm], "diverged: %s" % facts


def calm_log(programs, scratch, strategy, executor, trials):
    """The trials of a job that nobody kills."""
    job = CrashJob(programs, Path(scratch) / ("calm-%s-%s" % (strategy, executor)), strategy, executor, trials)
    assert job.run() == 0, job.output()
    log = job.check()
    job.check_done(log)
    return log


class CrashPoints:
    """The command line and the named points of a test that kills crash_host."""

    def __init__(self, words, *options):
        parser = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
        parser.add_argument("programs", nargs=2)
        parser.add_argument("--long", action="store_true", help="every case, and more random kills")
        parser.add_argument("--seed", type=int, default=1)
        args = parser.parse_args()
        self.long = args.long
        self.rng = random.Random(args.seed)
        self.programs = [os.path.abspath(program) for program in args.programs]
        listed = subprocess.run([self.programs[0], "--list", *options], capture_output=True, text=True, check=True)
        self.points = listed.stdout.split()
        assert len(self.points) >= 30, self.points

    def run_cases(self, cases, run):
        for case in cases:
            try:
                run(*case)
            except AssertionError as error:
                raise AssertionError("%s: %s" % (case, error)) from error
        print("%d points, %d cases: 0 lost, 0 doubled, 0 diverged, 0 left" % (len(self.points), len(cases)), flush=True)


def name_of(point):
    """Without whether it is before or after."""
    return point.split(":", 1)[1]


def kill_at_random(make_job, kills, rng, most, calm):
    """Jobs until so many of their tuners were killed."""
    killed = jobs = 0
    while killed < kills:
        job = make_job()
        jobs += 1
        killed += job.run_killed_at_random(rng, most)
        job.check_done(calm)
    print("%s: %d random kills, %d studies" % (job.words, killed, jobs), flush=True)
