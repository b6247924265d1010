"""Trials on a Dask cluster."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Optional

from .futures import FuturesExecutor

if TYPE_CHECKING:
    import distributed

__all__ = ["DaskExecutor"]

_SECONDS_BETWEEN_LOOKS = 1.0


class DaskExecutor(FuturesExecutor):
    """Calls `objective(run, reporter)` on the workers of a Dask cluster, one task an attempt.

    client -- a distributed.Client, which stays yours
    objective -- as for FuturesExecutor
    max_parallel -- attempts at once, at least 1; None: the threads that the cluster's workers have at the time
    host -- the address of this machine for the workers, which report over TCP; None: the one under which the client
            reaches the scheduler
    max_worker_deaths -- a trial whose worker has died so often is lost; before that it starts again as its next
                         attempt. At least 1.
    options -- workers, resources and allow_other_workers of Client.submit

    What a worker left unfinished is never done again by Dask itself, whatever `allowed-failures` is set to: it is
    the study's to say what a lost attempt means, and its next attempt's reports are told apart from those of the first.
    Stops, ends and failures are as with FuturesExecutor. Needs the package distributed; raises ImportError without.

    >>> import distributed, tunesmith
    >>> from tunesmith.dask import DaskExecutor
    >>> study = tunesmith.Study("s", tunesmith.Space().add_float("x", -1, 1), metric="loss", strategy="random")
    >>> with distributed.Client(processes=False, n_workers=1, threads_per_worker=2, dashboard_address=None) as client:
    ...     executor = DaskExecutor(client, lambda run, reporter: run.params["x"] ** 2)
    ...     len(tunesmith.Tuner(study, executor, max_trials=8).run().view)
    8
    """

    _deaths_are_shared = False

    def __init__(
        self,
        client: distributed.Client,
        objective: Callable[[Any, Any], Any],
        *,
        max_parallel: Optional[int] = None,
        host: Optional[str] = None,
        max_worker_deaths: int = 3,
        **options: Any,
    ) -> None:
        import distributed

        self._client = client
        self._killed = distributed.KilledWorker
        self._follows_the_cluster = max_parallel is None
        self._threads = 1
        self._ask_again = 0.0
        super().__init__(
            client.get_executor(pure=False, retries=0, **options),  # type: ignore[no-untyped-call]
            objective,
            max_parallel=1 if max_parallel is None else max_parallel,
            host=self._address() if host is None else host,
            max_worker_deaths=max_worker_deaths,
        )

    def _address(self) -> str:
        from distributed.comm.addressing import get_address_host
        from distributed.utils import get_ip

        scheduler = self._client.scheduler_info()["address"]
        if not scheduler.startswith(("tcp://", "tls://")):
            return "127.0.0.1"
        return str(get_ip(get_address_host(scheduler)))  # type: ignore[no-untyped-call]

    def _capacity(self) -> int:
        if not self._follows_the_cluster:
            return super()._capacity()
        # A question to the scheduler, and tuners ask often.
        if time.monotonic() >= self._ask_again:
            self._threads = max(1, sum(self._client.nthreads().values()))  # type: ignore[no-untyped-call]
            self._ask_again = time.monotonic() + _SECONDS_BETWEEN_LOOKS
        return self._threads

    def _is_death(self, error: BaseException) -> bool:
        return isinstance(error, self._killed) or super()._is_death(error)
