"""Your own loop: ask for a trial, run it as you like, tell what came out. Shows scales, conditions, parameters put in
line by hand, reports on the way, and a trial that fails."""

import math
from typing import Any

import tunesmith


def train(params: dict[str, Any], epoch: int) -> float:
    """Loss after an epoch; raises where training would diverge."""
    if params["lr"] > 0.05:
        raise ArithmeticError("the loss is not a number")
    # Inactive parameters are absent: momentum is there for sgd alone.
    momentum = float(params.get("momentum", 0.9))
    return abs(math.log10(params["lr"]) + 2.5) + abs(momentum - 0.95) + 1 / epoch


space = (
    tunesmith.Space()
    .add_float("lr", 1e-5, 1e-1, scale="log")
    .add_categorical("optimizer", ["sgd", "adam"])
    .add_float("momentum", 0.5, 0.999, scale="reverse_log", when={"optimizer": "sgd"})
)
study = tunesmith.Study("ask-tell", space, metric="loss", seed=2)
study.set_budget(max_trials=30)
study.enqueue({"lr": 0.09, "optimizer": "adam"}, "what we use today")

while (run := study.ask()) is not None:
    try:
        for epoch in range(1, 6):
            study.report(run, epoch, train(run.params, epoch))
        study.tell(run)  # the last report counts
    except ArithmeticError as error:
        study.fail(run, str(error))

first, best = study.trials[0], study.best
assert best is not None
print("ended:", study.why_spent)
print(f"trial 0, {first.note}: {first.state}, {first.reason}")
print("best learning rate between 0.002 and 0.005:", str(0.002 < best.params["lr"] < 0.005).lower())
