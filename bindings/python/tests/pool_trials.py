"""Objectives that pools can pickle, for the tests of the executors on pools."""

import os
import pathlib
import time

import tunesmith


def square(run, reporter):
    for level in range(1, 4):
        if reporter.report(level, run.params["x"] / level) != "keep_going":
            break
    return run.params["x"] ** 2


def broken(run, reporter):
    raise LookupError("no such layer")


def dying(run, reporter):
    """Ends its process wherever the trial goes."""
    os._exit(3)


def dying_once(folder):
    """Ends its process at the first attempt of trial 1, after its first level."""
    return Dying(str(folder), 1)


class Dying:
    def __init__(self, folder, number):
        self.folder = folder
        self.number = number

    def __call__(self, run, reporter):
        reporter.report(1, 1.0)
        if run.number == self.number and run.attempt == 1:
            os._exit(3)
        (pathlib.Path(self.folder) / f"{run.number}.{run.attempt}").touch()
        return run.params["x"]


def dying_always(run, reporter):
    """Trial 2 takes its worker with it each time."""
    reporter.report(1, 1.0)
    if run.number == 2:
        os._exit(3)
    time.sleep(0.02)
    return run.params["x"]


def until_stopped(run, reporter):
    while reporter.report(1, 1.0) == "keep_going":
        time.sleep(0.005)


def vague(run, reporter):
    reporter.report(1, {"loss": "low"})


def elsewhere(run, reporter):
    return {"loss": run.params["x"], "pid": float(os.getpid())}


def conformance_trial(run, reporter):
    """tunesmith.testing.conformance_trial, for a run that has come from another process."""
    behaviour = run.params["behaviour"]
    if behaviour == "complete":
        for level in range(1, run.params["levels"] + 1):
            reporter.report(level, {"loss": 1 / level})
        return None
    if behaviour == "silent":
        return None
    if behaviour == "nan":
        reporter.report(1, {"loss": float("nan")})
        return None
    decision = reporter.report(1, {"loss": 1.0})
    if behaviour == "fail":
        return tunesmith.TrialResult("failed", "it was to fail")
    while decision == "keep_going":
        time.sleep(0.005)
        decision = reporter.report(1, {"loss": 1.0})
    return tunesmith.TrialResult("paused" if decision == "pause" else "stopped", f"asked to {decision}")
