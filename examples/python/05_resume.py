"""Killed in the middle, run again: the study goes on as if nothing had happened."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import Any

import tunesmith


def tune(store: str, die_at: int | None = None) -> tunesmith.Study:
    def train(params: dict[str, Any]) -> float:
        if len(study.trials) - 1 == die_at:
            os._exit(9)  # as kill -9 would
        return float((params["x"] - 0.7) ** 2 + 0.1 * params["n"])

    space = tunesmith.Space().add_float("x", 0, 1).add_int("n", 0, 5)
    study = tunesmith.Study("resumed", space, metric="loss", seed=5, store=store)
    study.set_budget(max_trials=15)
    open_runs = [study.restart(run, "its process was killed") for run in study.open_runs()]
    while (run := open_runs.pop() if open_runs else study.ask()) is not None:
        study.tell(run, train(run.params))
    return study


if len(sys.argv) > 1:
    tune(sys.argv[1], die_at=int(sys.argv[2]))
else:
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:{folder}/studies.db"
        killed = subprocess.run([sys.executable, __file__, store, "8"])
        left = tunesmith.read_study(store, "resumed")
        print(f"exit status {killed.returncode}, {len(left)} trials, {left.count('running')} of them open")
        resumed = tune(store)
        print(f"resumed: {len(resumed.trials)} trials, trial 8 in attempt {resumed.trials[8].attempt}")
        whole = tune("memory:")
        same = [trial.params for trial in resumed.trials] == [trial.params for trial in whole.trials]
        print("the same trials as of a run that nobody killed:", same)
