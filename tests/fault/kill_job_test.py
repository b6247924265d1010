#!/usr/bin/env python3
"""Kills a running job with SIGKILL at random moments and continues it, again and again.

Checked: every trial ends; a trial that was recorded as ended keeps its value and attempt and is never run again; no
process of the job outlives its tuner; with one worker the suggestions equal those of a job that was never killed.

    kill_job_test.py path/to/tunesmith [--rounds N] [--seed N] [--strategies random,grid,bayesian]
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

TRIAL_SCRIPT = """\
import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=float)
parser.add_argument("--n", type=int)
args = parser.parse_args()
with open(os.environ["KILL_TEST_LEDGER"], "a") as ledger:
    ledger.write(os.environ["TRAINING_JOB_NAME"] + "\\n")
for epoch in range(3):
    time.sleep(0.02)
    print("loss: %.17g" % ((args.x - 0.3) ** 2 + args.n / 10 + 0.1 / (epoch + 1)), flush=True)
"""


def make_job(folder, strategy, parallel, trials):
    numeric = {"type": "float", "min": 0, "max": 1}
    if strategy == "grid":
        numeric["step"] = 0.025
    folder.mkdir()
    (folder / "trial.py").write_text(TRIAL_SCRIPT)
    job = {
        "name": "killed",
        "command": ["python3", "trial.py"],
        "parameters": {"x": numeric, "n": {"type": "int", "min": 1, "max": 4}},
        "metrics": [{"name": "loss", "regex": "loss: ([0-9.e-]+)"}],
        "objective": {"metric": "loss", "goal": "minimize"},
        "strategy": strategy,
        "budget": {"max_trials": trials},
        "max_parallel": parallel,
        "seed": 3,
    }
    (folder / "job.json").write_text(json.dumps(job))
    return folder / "job.json"


class Job:
    def __init__(self, tunesmith, file):
        self.tunesmith = tunesmith
        self.file = file
        self.ledger = file.parent / "ledger"
        self.tag = "KILL_TEST_TAG=%s" % uuid.uuid4()
        self.store = "sqlite:" + str(file.parent / "study.db")

    def start(self):
        key, value = self.tag.split("=")
        env = dict(os.environ, KILL_TEST_LEDGER=str(self.ledger), NO_COLOR="1", **{key: value})
        command = [self.tunesmith, "run", str(self.file), "--store", self.store]
        with open(self.file.parent / "output", "ab") as output:
            return subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def trials(self):
        command = [self.tunesmith, "trials", str(self.file), "--store", self.store, "--format", "json"]
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode != 0:
            return []  # killed before the study was made
        return json.loads(answer.stdout)

    def survivors(self):
        """Processes that carry the job's tag in their environment."""
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if self.tag.encode() in (entry / "environ").read_bytes():
                        found.append(int(entry.name))
                except OSError:
                    pass
        return found

    def wait_for_no_survivors(self):
        deadline = time.monotonic() + 10
        while self.survivors():
            if time.monotonic() > deadline:
                raise AssertionError("processes outlived the tuner: %s" % self.survivors())
            time.sleep(0.02)


FINAL = {"completed", "stopped", "failed", "infeasible", "lost"}


def ended(trials):
    return {t["trial"]: (t["state"], t["attempt"], json.dumps(t["metrics"], sort_keys=True)) for t in trials if t["state"] in FINAL}


def configurations(trials):
    return [json.dumps(t["configuration"]) for t in sorted(trials, key=lambda t: t["trial"])]


def run_killed(job, kills, rng, trials):
    """Kills the job up to `kills` times; returns how often it really was killed."""
    known = {}
    killed = 0
    while True:
        process = job.start()
        delay = rng.uniform(0.0, 0.35) if killed < kills else 120
        try:
            status = process.wait(timeout=delay)
            if status != 0:
                raise AssertionError("the job ended with status %d:\n%s" % (status, (job.file.parent / "output").read_text()[-2000:]))
            finished = True
        except subprocess.TimeoutExpired:
            if killed >= kills:
                raise AssertionError("the job did not end:\n" + (job.file.parent / "output").read_text()[-2000:])
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
            finished = False
        job.wait_for_no_survivors()
        now = ended(job.trials())
        for trial, facts in known.items():
            assert now.get(trial) == facts, "trial %d was %s and is %s" % (trial, facts, now.get(trial))
        known = now
        if finished:
            break
    assert len(known) == trials, "%d of %d trials ended" % (len(known), trials)
    assert all(state == "completed" for state, _, _ in known.values()), known
    return killed


def check(tunesmith, strategy, parallel, trials, kills, seed):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as scratch:
        calm = Job(tunesmith, make_job(Path(scratch) / "calm", strategy, parallel, trials))
        assert calm.start().wait(timeout=120) == 0, (calm.file.parent / "output").read_text()[-2000:]
        job = Job(tunesmith, make_job(Path(scratch) / "killed", strategy, parallel, trials))
        killed = run_killed(job, kills, rng, trials)
        runs = job.ledger.read_text().split()
        attempts = sum(t["attempt"] for t in job.trials())
        assert len(runs) <= attempts, "%d starts, %d attempts recorded" % (len(runs), attempts)
        texts = configurations(job.trials())
        assert len(set(texts)) == trials, "a configuration was repeated"
        if parallel == 1:
            assert texts == configurations(calm.trials()), "the suggestions differ from those of a calm run"
        print("%s, %d at once: %d kills, %d trials, %d attempts, 0 lost, 0 repeated" % (strategy, parallel, killed, trials, attempts))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tunesmith")
    parser.add_argument("--rounds", type=int, default=12, help="kills of each job (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--strategies", default="random,grid,bayesian")
    args = parser.parse_args()
    for strategy in args.strategies.split(","):
        for parallel in (1, 3):
            check(os.path.abspath(args.tunesmith), strategy, parallel, max(16, (2 + 2 * parallel) * args.rounds), args.rounds, args.seed)
    print("%d passed, 0 failed" % (2 * len(args.strategies.split(","))))


if __name__ == "__main__":
    sys.exit(main())
