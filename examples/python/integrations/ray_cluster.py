"""Trials on a Ray cluster, here one on this machine, a CPU each."""

import ray
import tunesmith
from tunesmith.ray import RayExecutor


def train(run, reporter):
    for epoch in range(1, 4):
        reporter.report(epoch, (run.params["x"] - 1) ** 2 + 1 / epoch)


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    space = tunesmith.Space().add_float("x", -4, 4)
    study = tunesmith.Study("ray", space, metric="loss", strategy="sobol", seed=1)
    result = tunesmith.Tuner(study, RayExecutor(train, num_cpus=1), max_trials=16).run()
    print(result.explanation)
    print(f"best: x = {result.view.best.params['x']:.2f}")
