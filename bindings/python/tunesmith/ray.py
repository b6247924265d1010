"""Trials on a Ray cluster, and tunesmith's suggestions for Ray Tune."""

from __future__ import annotations

import concurrent.futures
from typing import Any, Callable, Optional

from . import _remote
from .futures import FuturesExecutor

__all__ = ["RayExecutor", "TunesmithSearch"]


class RayExecutor(FuturesExecutor):
    """Calls `objective(run, reporter)` in Ray tasks, one an attempt. Call ray.init() before.

    objective -- as for FuturesExecutor
    max_parallel -- attempts at once, at least 1; None: as many as the cluster's resources allow at the time. Say a
                    number where the cluster grows with what waits for it.
    host -- the address of this machine for the workers, which report over TCP; None: the one by which Ray knows it
    max_worker_deaths -- a trial whose worker has died so often is lost; before that it starts again as its next
                         attempt. At least 1.
    options -- of ray.remote: num_cpus (1), num_gpus, memory, resources, runtime_env, accelerator_type, ...; but for
               max_retries, retry_exceptions and num_returns: a lost attempt is the study's to begin again

    Stops, ends and failures are as with FuturesExecutor. A trial for which no node has the resources waits.

    Raises RuntimeError where Ray is not initialised, ValueError for an option that is not the caller's, ImportError
    without the package ray.

    >>> import ray, tunesmith
    >>> from tunesmith.ray import RayExecutor
    >>> _ = ray.init(num_cpus=2, log_to_driver=False)
    >>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", -1, 1), metric="loss", strategy="random")
    >>> executor = RayExecutor(lambda run, reporter: run.params["x"] ** 2, num_cpus=1)
    >>> len(tunesmith.Tuner(study, executor, max_trials=8).run().view)
    8
    >>> ray.shutdown()
    """

    _deaths_are_shared = False

    def __init__(
        self,
        objective: Callable[[Any, Any], Any],
        *,
        max_parallel: Optional[int] = None,
        host: Optional[str] = None,
        max_worker_deaths: int = 3,
        **options: Any,
    ) -> None:
        import ray

        if not ray.is_initialized():
            raise RuntimeError("Ray is not initialised: call ray.init() before")
        ours = sorted({"max_retries", "retry_exceptions", "num_returns"}.intersection(options))
        if ours:
            raise ValueError(f"{', '.join(ours)}: a lost attempt is the study's to begin again")
        self._needs = _needs({"num_cpus": 1, **options})
        self._follows_the_cluster = max_parallel is None
        errors = ray.exceptions
        self._deadly = (
            errors.WorkerCrashedError,
            errors.NodeDiedError,
            errors.OutOfMemoryError,
            errors.LocalRayletDiedError,
            errors.ObjectLostError,
        )
        self._cancelled = errors.TaskCancelledError
        super().__init__(
            _Tasks(objective, options),
            objective,
            max_parallel=1 if max_parallel is None else max_parallel,
            host=ray.util.get_node_ip_address() if host is None else host,  # type: ignore[no-untyped-call]
            max_worker_deaths=max_worker_deaths,
        )

    def _capacity(self) -> int:
        if not self._follows_the_cluster:
            return super()._capacity()
        import ray

        has = ray.cluster_resources()  # type: ignore[no-untyped-call]
        return max(1, min((int(has.get(name, 0) / need) for name, need in self._needs.items()), default=1))

    def _cancel(self, future: concurrent.futures.Future[_remote.PlainResult]) -> None:
        import ray

        ray.cancel(future.reference)  # type: ignore[attr-defined]

    def _is_death(self, error: BaseException) -> bool:
        return isinstance(error, (*self._deadly, self._cancelled)) or super()._is_death(error)


def _needs(options: dict[str, Any]) -> dict[str, float]:
    """What an attempt occupies, by Ray's names."""
    named = {"CPU": options.get("num_cpus"), "GPU": options.get("num_gpus"), "memory": options.get("memory")}
    needs = {**named, **(options.get("resources") or {})}
    return {name: float(need) for name, need in needs.items() if need}


class _Tasks(concurrent.futures.Executor):
    """Ray's tasks as a pool."""

    def __init__(self, objective: Callable[[Any, Any], Any], options: dict[str, Any]) -> None:
        import ray

        self._task = ray.remote(max_retries=0, **options)(_remote.run_trial)
        # Sent once, not with each attempt.
        self._objective = ray.put(objective)

    def submit(self, function: Any, /, *arguments: Any, **more: Any) -> concurrent.futures.Future[Any]:
        _, attempt = arguments
        reference = self._task.remote(self._objective, attempt)
        future: concurrent.futures.Future[Any] = reference.future()
        future.reference = reference  # type: ignore[attr-defined]
        return future


def __getattr__(name: str) -> Any:
    # Its base class is Ray Tune's, whose import takes seconds that RayExecutor does not need.
    if name == "TunesmithSearch":
        from ._ray_search import TunesmithSearch

        return TunesmithSearch
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
