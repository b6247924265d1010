#!/usr/bin/env python3
"""What the self-check of stopping rules measures is told at the end of a job and by `show`.

    self_check_test.py path/to/tunesmith
"""

from command import run_tests

JOB = {
    "name": "checked",
    # The larger n, the worse from the first level on.
    "command": ["sh", "-c", "for i in 1 2 3; do echo loss=$2; done", "sh"],
    "parameters": {"n": {"type": "int", "min": 1, "max": 6}},
    "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
    "objective": {"metric": "loss"},
    "strategy": "grid",
    "stopping_rules": [{"name": "median", "min_trials": 1}],
    "self_check": {"share": 1},
    "budget": {"max_trials": 6},
}
TOLD = "trial 5: self_check: was to be stopped at 1, ran on and did not become the best: loss 6, the best is 1; 0 of 5"


def trials_that_run_on_are_told(command):
    command.write("job.json", JOB)
    assert TOLD in command("run", "job.json")
    assert TOLD in command("show", "job.json")
    assert command("trials", "job.json").count("completed") == 6


def nothing_is_told_without_a_share(command):
    command.write("job.json", {**JOB, "self_check": {"share": 0}})
    assert "Noticed" not in command("run", "job.json")
    assert "Noticed" not in command("show", "job.json")


run_tests([trials_that_run_on_are_told, nothing_is_told_without_a_share])
