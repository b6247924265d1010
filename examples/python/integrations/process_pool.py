"""Trials on a process pool that report each epoch; the hopeless ones are ended by the median rule."""

import concurrent.futures
import multiprocessing

import tunesmith
from tunesmith.futures import FuturesExecutor


def train(run, reporter):
    """Runs in another process."""
    loss = 1.0
    for epoch in range(1, 11):
        loss = run.params["x"] ** 2 + 1 / epoch
        if reporter.report(epoch, loss) != "keep_going":
            break
    return loss


def make_pool():
    """Made anew when a worker dies. Not forked: this process has threads."""
    return concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("spawn"))


if __name__ == "__main__":
    space = tunesmith.Space().add_float("x", -4, 4)
    study = tunesmith.Study(
        "pool", space, metric="loss", strategy="sobol", seed=1, stopping_rules=[tunesmith.median_rule()]
    )
    result = tunesmith.Tuner(study, FuturesExecutor(make_pool, train), max_trials=16).run()
    print(result.explanation)
    print("some were ended early:", result.view.count("stopped") > 0)
    print(f"best: x = {result.view.best.params['x']:.2f}")
