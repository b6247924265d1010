"""Trials on your own machinery: an executor that hands them to a process pool, as it might to a cluster."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
from typing import Any

import tunesmith

Loss = concurrent.futures.Future[float]


def train(params: dict[str, Any]) -> float:
    """Runs in another process."""
    return float((params["x"] - 0.3) ** 2)


class PoolExecutor(tunesmith.TrialExecutor):
    def __init__(self, workers: int) -> None:
        super().__init__()
        self.workers = workers
        # Not forked: this process has threads.
        self.pool = concurrent.futures.ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
        self.futures: dict[tuple[int, int], Loss] = {}

    def capacity(self) -> int:
        return self.workers

    def start(self, run: tunesmith.TrialRun, reporter: tunesmith.TrialReporter) -> str:
        future = self.pool.submit(train, run.params)
        self.futures[run.number, run.attempt] = future
        future.add_done_callback(lambda done: reporter.finish(self.result_of(done)))
        return f"task {run.number}"

    @staticmethod
    def result_of(future: Loss) -> tunesmith.TrialResult | float:
        if future.cancelled():
            return tunesmith.TrialResult("stopped", "cancelled before it began")
        if future.exception() is not None:
            return tunesmith.TrialResult("failed", repr(future.exception()))
        return future.result()

    def request_stop(self, run: tunesmith.TrialRun) -> None:
        # What has begun goes on to its end: it reports nothing that could be cut short.
        future = self.futures.get((run.number, run.attempt))
        if future is not None:
            future.cancel()

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    space = tunesmith.Space().add_float("x", 0, 1)
    study = tunesmith.Study("own-executor", space, metric="loss", strategy="sobol", seed=2)
    result = tunesmith.Tuner(study, PoolExecutor(2), max_trials=16).run()
    print(result.explanation)
    best = result.view.best
    assert best is not None
    print(f"best: x = {best.params['x']:.4f} of trial {best.number}")
