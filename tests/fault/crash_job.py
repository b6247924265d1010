"""A job run by crash_host, and what must hold of it however often it was killed."""

import json
import os
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
