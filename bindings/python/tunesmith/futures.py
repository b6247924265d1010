"""Trials on any concurrent.futures executor: threads, processes, MPI, Dask.

>>> import concurrent.futures, tunesmith
>>> from tunesmith.futures import FuturesExecutor
>>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", -1, 1), metric="loss", strategy="random")
>>> with concurrent.futures.ThreadPoolExecutor(4) as pool:
...     executor = FuturesExecutor(pool, lambda run, reporter: run.params["x"] ** 2)
...     len(tunesmith.Tuner(study, executor, max_trials=8).run().view)
8
"""

from __future__ import annotations

import concurrent.futures
import threading
from typing import Any, Callable, Optional, Union

from . import TrialExecutor, TrialReporter, TrialResult, TrialRun, _failure, _remote

__all__ = ["FuturesExecutor"]


class FuturesExecutor(TrialExecutor):
    """Calls `objective(run, reporter)` on the workers of a pool.

    pool -- a concurrent.futures.Executor, which stays yours; or a function that makes one, which is then shut down at
            the end, and made anew when it breaks
    objective -- as for thread_pool_executor: run has number, attempt, params, until and reached; reporter has
                 report(resource, metrics), which answers "keep_going", "stop" or "pause". It returns a number (of the
                 only objective), a dict of metrics, None (what it reported counts) or a TrialResult; an exception
                 makes the trial failed. Where the pool has processes, they must be able to pickle it.
    max_parallel -- attempts at once, at least 1; None: the number of the pool's workers, where it tells
    host -- the address of this machine for workers in other processes, which report over TCP (an attempt shows a
            secret of its own executor first; nothing is encrypted). The default serves workers on this machine.
    max_worker_deaths -- a trial whose worker has died so often is lost; before that it starts again as its next
                         attempt. At least 1. Where a death breaks the whole pool, a trial is blamed after it has died
                         alone.

    A trial hears of a requested stop in the answer to its next report; one that has not begun is cancelled. An end of
    the tuner waits for running calls. A pool that breaks and cannot be made anew ends the tuner with its exception;
    the trials that ran there go on when the study is next run.

    Raises ValueError for numbers below 1, or without max_parallel where the pool does not tell it; TypeError where
    the objective cannot be called.

    >>> import concurrent.futures, tunesmith
    >>> from tunesmith.futures import FuturesExecutor
    >>> def train(run, reporter):
    ...     for epoch in range(1, 10):
    ...         if reporter.report(epoch, run.params["x"] / epoch) == "stop":
    ...             break
    >>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", 1, 2), metric="loss", strategy="random")
    >>> executor = FuturesExecutor(lambda: concurrent.futures.ThreadPoolExecutor(2), train)
    >>> tunesmith.Tuner(study, executor, max_trials=4).run().reason
    'trials_spent'
    """

    # Whether a worker's death ends the other workers' attempts, too.
    _deaths_are_shared = True

    def __init__(
        self,
        pool: Union[concurrent.futures.Executor, Callable[[], concurrent.futures.Executor]],
        objective: Callable[[Any, Any], Any],
        *,
        max_parallel: Optional[int] = None,
        host: str = "127.0.0.1",
        max_worker_deaths: int = 3,
    ) -> None:
        super().__init__()
        if not callable(objective):
            raise TypeError(f"the objective must be a function of (run, reporter), not {type(objective).__name__}")
        if max_worker_deaths < 1 or (max_parallel is not None and max_parallel < 1):
            raise ValueError("max_parallel and max_worker_deaths must be at least 1")
        self._make_pool = None if isinstance(pool, concurrent.futures.Executor) else pool
        self._pool: concurrent.futures.Executor = pool if self._make_pool is None else self._make_pool()  # type: ignore
        self._objective = objective
        self._max_parallel = self._workers() if max_parallel is None else max_parallel
        self._max_worker_deaths = max_worker_deaths
        self._line = _remote.Line(host, self._find)
        self._changed = threading.Condition()
        self._attempts: dict[_remote.Key, _remote.Attempt] = {}
        self._futures: dict[_remote.Key, concurrent.futures.Future[_remote.PlainResult]] = {}
        self._deaths: dict[int, int] = {}
        # Have died often enough, the last time together with others.
        self._suspects: set[int] = set()
        self._pools_made = 1
        # The number of attempts that ran when a pool broke, by the pools' order.
        self._broken: dict[int, int] = {}
        self._unusable: Optional[BaseException] = None

    def capacity(self) -> int:
        if self._unusable is not None:
            raise self._unusable
        # Outside the lock: it may wait for a thread that waits for the lock.
        capacity = self._capacity()
        with self._changed:
            return 1 if self._suspects else capacity

    def start(self, run: TrialRun, reporter: TrialReporter) -> None:
        attempt = _remote.Attempt(run, reporter, self._line)
        with self._changed:
            self._attempts[attempt.key] = attempt
        try:
            future = self._submit(attempt)
            pool = self._pools_made
        except (concurrent.futures.BrokenExecutor, RuntimeError) as error:
            # Every further trial would fail like this one: this is about the pool.
            self._unusable = error
            self._end(attempt, TrialResult("preempted", f"its pool takes no more: {error}"))
            return
        except BaseException:
            with self._changed:
                del self._attempts[attempt.key]
            raise
        with self._changed:
            if attempt.key in self._attempts:
                self._futures[attempt.key] = future
        future.add_done_callback(lambda done: self._ended(attempt, done, pool))

    def request_stop(self, run: TrialRun) -> None:
        self._ask((run.number, run.attempt), "stop")

    def request_pause(self, run: TrialRun) -> None:
        self._ask((run.number, run.attempt), "pause")

    def close(self) -> None:
        with self._changed:
            keys = list(self._attempts)
        for key in keys:
            self._ask(key, "stop")
        with self._changed:
            self._changed.wait_for(lambda: not self._attempts)
        self._line.close()
        if self._make_pool is not None:
            self._pool.shutdown()

    def _capacity(self) -> int:
        return self._max_parallel

    def _workers(self) -> int:
        workers = getattr(self._pool, "_max_workers", None)
        if not isinstance(workers, int) or workers < 1:
            raise ValueError("this pool does not tell how many workers it has: max_parallel is needed")
        return workers

    def _submit(self, attempt: _remote.Attempt) -> concurrent.futures.Future[_remote.PlainResult]:
        try:
            return self._pool.submit(_remote.run_trial, self._objective, attempt)
        except concurrent.futures.BrokenExecutor:
            if self._make_pool is None:
                raise
            self._pool.shutdown()
            self._pool = self._make_pool()
            self._pools_made += 1
            return self._pool.submit(_remote.run_trial, self._objective, attempt)

    def _cancel(self, future: concurrent.futures.Future[_remote.PlainResult]) -> None:
        """Takes back what has not begun, where that is possible."""
        future.cancel()

    def _is_death(self, error: BaseException) -> bool:
        """Whether the attempt has lost its worker, rather than failed."""
        return isinstance(
            error, (concurrent.futures.BrokenExecutor, concurrent.futures.CancelledError, _remote.WorkerDied)
        )

    def _find(self, key: _remote.Key) -> Optional[_remote.Attempt]:
        with self._changed:
            return self._attempts.get(key)

    def _ask(self, key: _remote.Key, decision: str) -> None:
        with self._changed:
            attempt, future = self._attempts.get(key), self._futures.get(key)
        if attempt is not None:
            attempt.ask(decision)
        # Some pools' futures can be cancelled though their call has begun, and then do not wait for its end.
        if future is not None and attempt is not None and not attempt.begun:
            self._cancel(future)

    def _ended(
        self, attempt: _remote.Attempt, future: concurrent.futures.Future[_remote.PlainResult], pool: int
    ) -> None:
        error: Optional[BaseException]
        try:
            error = future.exception()
        except concurrent.futures.CancelledError as cancelled:
            error = cancelled
        if error is None:
            self._end(attempt, self._asked_for(attempt, future.result()))
        else:
            self._end(attempt, self._cut(attempt, error, pool))

    @staticmethod
    def _asked_for(attempt: _remote.Attempt, plain: _remote.PlainResult) -> TrialResult:
        outcome, reason, metrics = plain
        if outcome == "completed" and attempt.asked != "keep_going":
            paused = attempt.asked == "pause"
            return TrialResult("paused" if paused else "stopped", f"asked to {attempt.asked}", metrics)
        return TrialResult(outcome, reason, metrics)  # type: ignore[arg-type]

    def _cut(self, attempt: _remote.Attempt, error: BaseException, pool: int) -> TrialResult:
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        if not self._is_death(error):
            return TrialResult("failed", _failure.words(error))
        if attempt.asked != "keep_going":
            return TrialResult("paused" if attempt.asked == "pause" else "stopped", f"asked to {attempt.asked}")
        if isinstance(error, concurrent.futures.CancelledError):
            return TrialResult("preempted", "its pool cancelled it")
        number = attempt.run.number
        with self._changed:
            alone = not self._deaths_are_shared or self._broken.setdefault(pool, len(self._attempts)) == 1
            deaths = self._deaths[number] = self._deaths.get(number, 0) + 1
            if deaths >= self._max_worker_deaths and alone:
                return TrialResult("lost", f"its worker died, {deaths} times in all; {words}")
            if deaths >= self._max_worker_deaths:
                self._suspects.add(number)
        return TrialResult("preempted", f"its worker died; {words}")

    def _end(self, attempt: _remote.Attempt, result: TrialResult) -> None:
        try:
            attempt.reporter.finish(result)
        except Exception as error:  # metrics that the study does not take
            attempt.reporter.finish(TrialResult("failed", _failure.words(error)))
        with self._changed:
            if result.outcome != "preempted":
                self._deaths.pop(attempt.run.number, None)
                self._suspects.discard(attempt.run.number)
            if self._attempts.get(attempt.key) is attempt:
                del self._attempts[attempt.key]
                self._futures.pop(attempt.key, None)
            self._changed.notify_all()
