#!/usr/bin/env python3
"""Curves of a job that ran, and what `plan` makes of them and of such that are no good.

    plan_test.py path/to/tunesmith
"""

import json

from command import run_tests

SCRIPT = """
loss=$2
for epoch in 1 2 3; do
  echo "epoch $epoch"
  echo "loss=$loss.$((9 - epoch))"
done
"""
JOB = {
    "name": "sums",
    "command": ["sh", "./train.sh"],
    "parameters": {"n": {"type": "int", "min": 1, "max": 6}},
    "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
    "resource_regex": "epoch ([0-9]+)",
    "objective": {"metric": "loss"},
    "strategy": "grid",
    "budget": {"max_trials": 6},
}


def curve(n, level, seconds=None, **metrics):
    return {"parameters": {"n": n}, "level": level, "seconds": 60 * level if seconds is None else seconds,
            "metrics": metrics or {"loss": n + 1 / level}}


CURVES = [curve(n, level) for n in range(1, 7) for level in (1, 2, 3)]


def trials_print_their_curves(command):
    command.write("job.json", JOB)
    command.write("train.sh", SCRIPT)
    command("run", "job.json")
    lines = [json.loads(line) for line in command("trials", "job.json", "--format", "curves").splitlines()]
    assert [(line["parameters"]["n"], line["level"]) for line in lines] == [
        (n, level) for n in range(1, 7) for level in (1, 2, 3)]
    for line in lines:
        assert line["metrics"] == {"loss": float("%d.%d" % (line["parameters"]["n"], 9 - line["level"]))}, line
    for first, second in zip(lines, lines[1:]):
        assert second["level"] == 1 or first["seconds"] <= second["seconds"], (first, second)


def curves_of_a_job_are_planned_with(command):
    trials_print_their_curves(command)
    command.write("curves.jsonl", command("trials", "job.json", "--format", "curves"))
    table = command("plan", "job.json", "--curves", "curves.jsonl", "--seeds", "2")
    assert "grid" in table and "random" in table and "6 recorded trials" in table, table


def every_combination_is_run_on_the_virtual_clock(command):
    command.write("job.json", JOB)
    command.write("curves.jsonl", CURVES)
    words = ["plan", "job.json", "--curves", "curves.jsonl", "--strategies", "grid,random", "--workers", "1,3",
             "--max-trials", "3,6", "--seeds", "2"]
    table = command(*words)
    assert table == command(*words), "another table from the same input"
    plans = json.loads(command(*words, "--json"))
    assert len(plans["plans"]) == 8, plans
    for plan in plans["plans"]:
        assert len(plan["runs"]) == 2
        whole = plan["strategy"] == "grid" and plan["budget"]["max_trials"] == 6
        for run in plan["runs"]:
            assert run["trials"] == plan["budget"]["max_trials"] and run["levels"] == 3 * run["trials"], run
            # The others wait until the first trial has reported once.
            alone = 60 if plan["workers"] > 1 else 0
            assert run["seconds"] == 180 * run["trials"] / plan["workers"] + alone, (plan, run)
            assert not whole or run["best"][-1] == 1 + 1 / 3, run


def strategies_run_up_to_the_epochs_of_the_job(command):
    parameters = {**JOB["parameters"], "epochs": {"type": "fixed", "value": 3}}
    command.write("job.json", {**JOB, "parameters": parameters, "stopping_rules": ["median"]})
    command.write("curves.jsonl", [{**line, "parameters": {**line["parameters"], "epochs": 3}} for line in CURVES])
    plans = json.loads(command("plan", "job.json", "--curves", "curves.jsonl", "--strategies", "successive_halving",
                               "--seeds", "1", "--json"))["plans"]
    # Rungs 1 and 3: three trials to the first, one of them to the second, twice.
    assert plans[0]["levels"] == 2 * (3 + 2) and plans[0]["stopped"] == 4, plans


def mistakes_are_told_with_their_place(command):
    command.write("job.json", JOB)
    command.write("good", CURVES)
    command.write("several.json", {**{k: v for k, v in JOB.items() if k != "objective"},
                                   "metrics": [*JOB["metrics"], {"name": "size", "regex": "size=(.*)"}],
                                   "objectives": [{"metric": "loss"}, {"metric": "size"}]})
    command.write("endless.json", {**JOB, "budget": {}})
    command.write("broken.json", {**JOB, "strategy": "gird"})
    files = {
        "empty": ([], "empty"),
        "text": (CURVES[:2] + ["nonsense"], "/3"),
        "outside": ([curve(1, 1), curve(9, 1)], "/2"),
        "falling": ([curve(1, 2), curve(1, 1)], "/2"),
        "clock": ([curve(1, 1, 50), curve(1, 2, 40)], "/2"),
        "other": ([curve(1, 1, error=3.0)], "they tell error"),
        "timeless": ([curve(1, 1, 0)], None),
    }
    for name, (lines, words) in files.items():
        command.write(name, lines)
        if words is None:
            continue
        told = command("plan", "job.json", "--curves", name, status=2)
        assert name in told and words in told, told
    usual = ["--curves", "good"]
    for words, place in [
        (["several.json", *usual], "/objectives"),
        (["endless.json", *usual], "--max-trials"),
        (["broken.json", *usual], "/strategy"),
        (["job.json", *usual, "--strategies", "grid,gird"], "did you mean 'grid'"),
        (["job.json", *usual, "--workers", "0"], "--workers"),
        (["job.json", *usual, "--workers", "two"], "--workers"),
        (["job.json", *usual, "--seeds", "0"], "--seeds"),
        (["job.json", *usual, "--max-time", "-5"], "--max-time"),
        (["job.json"], "--curves"),
        (["job.json", "--curves", "nowhere"], "nowhere"),
        (["job.json", "--curves", "timeless", "--max-time", "60"], "the trials take no time"),
    ]:
        told = command("plan", *words, status=2)
        assert place in told, told


run_tests([trials_print_their_curves, curves_of_a_job_are_planned_with, every_combination_is_run_on_the_virtual_clock,
           strategies_run_up_to_the_epochs_of_the_job, mistakes_are_told_with_their_place])
