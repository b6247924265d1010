"""Tuning on a clock that does not wait: how long would a job take with more workers?"""

import math
from typing import Any

import tunesmith


def training(params: dict[str, Any]) -> list[tuple[float, float, float]]:
    """20 epochs that take longer the wider the network is: what a training would report, and when."""
    width = params["width"]
    gap = abs(math.log10(params["lr"]) + 2) + 8 / width
    return [
        (epoch, epoch * (60 + width), 0.1 + 0.1 * gap + 1 / epoch) for epoch in range(1, 21)
    ]


space = tunesmith.Space().add_float("lr", 1e-5, 1, scale="log").add_int("width", 8, 256)
for workers in (1, 4, 16):
    clock = tunesmith.VirtualClock()
    study = tunesmith.Study("simulated", space, metric="loss", strategy="sobol", clock=clock)
    executor = tunesmith.simulated_executor(training, clock, workers=workers)
    view = tunesmith.Tuner(study, executor, max_trials=64).run().view
    assert view.best is not None and view.best.value is not None
    print(
        f"64 trials on {workers} {'worker' if workers == 1 else 'workers'}: {clock.seconds / 3600:.0f} h, "
        f"best loss below 0.2: {str(view.best.value < 0.2).lower()}"
    )
