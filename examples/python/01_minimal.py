"""The shortest way: a function of the parameters in, the best parameters out."""

import math

import tunesmith


def train(params):
    """Stands for a training run; returns the loss."""
    return (math.log10(params["lr"]) + 2) ** 2 + 0.1 * abs(params["layers"] - 3)


space = tunesmith.Space().add_float("lr", 1e-5, 1e-1, scale="log").add_int("layers", 1, 8)
study = tunesmith.tune(train, space, max_trials=30, seed=1)

best = study.best
print(f"best of {len(study.trials)} trials: trial {best.number}, loss below 0.01: {best.value < 0.01}")
print(f"layers: {best.params['layers']}, lr: {best.params['lr']:.1g}")
