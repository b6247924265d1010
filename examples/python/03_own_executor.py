"""Trials on your own machinery: an executor that hands them to a process pool, as it might to a cluster."""

import concurrent.futures
import multiprocessing

import tunesmith


def train(params):
    """Runs in another process."""
    return (params["x"] - 0.3) ** 2


class PoolExecutor(tunesmith.TrialExecutor):
    def __init__(self, workers):
        super().__init__()
        self.workers = workers
        # Not forked: this process has threads.
        self.pool = concurrent.futures.ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"))
        self.futures = {}

    def capacity(self):
        return self.workers

    def start(self, run, reporter):
        future = self.pool.submit(train, run.params)
        self.futures[run.number, run.attempt] = future
        future.add_done_callback(lambda done: reporter.finish(self.result_of(done)))
        return f"task {run.number}"

    @staticmethod
    def result_of(future):
        if future.cancelled():
            return tunesmith.TrialResult("stopped", "cancelled before it began")
        if future.exception() is not None:
            return tunesmith.TrialResult("failed", repr(future.exception()))
        return future.result()

    def request_stop(self, run):
        # What has begun goes on to its end: it reports nothing that could be cut short.
        future = self.futures.get((run.number, run.attempt))
        if future is not None:
            future.cancel()

    def close(self):
        self.pool.shutdown(cancel_futures=True)


if __name__ == "__main__":
    space = tunesmith.Space().add_float("x", 0, 1)
    study = tunesmith.Study("own-executor", space, metric="loss", strategy="sobol", seed=2)
    result = tunesmith.Tuner(study, PoolExecutor(2), max_trials=16).run()
    print(result.explanation)
    print(f"best: x = {result.view.best.params['x']:.4f} of trial {result.view.best.number}")
