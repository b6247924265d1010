"""A long-running service that keeps several studies in one store and serves many clients at once."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator

import tunesmith


class TuningService:
    """What stands behind the routes of a server. Every method may be called from any thread."""

    def __init__(self, store: str) -> None:
        self.store = tunesmith.open_store(store)
        self.studies: dict[str, tunesmith.Study] = {}
        self.lock = threading.Lock()
        for info in self.store.list():  # those of the last time the service ran
            problem = tunesmith.read_study(self.store, info.name).problem
            study = self.open(info.name, problem.space, problem.seed)
            for run in study.open_runs():
                study.fail(run, "the service was restarted")

    def open(self, name: str, space: tunesmith.Space, seed: int = 0) -> tunesmith.Study:
        with self.lock:
            if name not in self.studies:
                self.studies[name] = tunesmith.Study(name, space, metric="loss", seed=seed, store=self.store)
            return self.studies[name]

    def suggest(self, name: str) -> tunesmith.TrialRun | None:
        return self.studies[name].ask()

    def complete(self, name: str, run: tunesmith.TrialRun, loss: float) -> str:
        return self.studies[name].tell(run, loss)

    def summary(self) -> Iterator[str]:
        for name, study in sorted(self.studies.items()):
            view = study.view()
            yield f"{name}: {len(view)} trials, {view.count('failed')} failed"


def client(service: TuningService, name: str, trials: int) -> None:
    for _ in range(trials):
        run = service.suggest(name)
        if run is not None:
            service.complete(name, run, run.params["x"] ** 2)


def serve(store: str, trials_per_client: int) -> TuningService:
    service = TuningService(store)
    clients: list[threading.Thread] = []
    for tenant in range(3):
        name = f"tenant-{tenant}"
        service.open(name, tunesmith.Space().add_float("x", 0, 1), seed=tenant)
        for _ in range(2):
            clients.append(threading.Thread(target=client, args=(service, name, trials_per_client)))
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    service.suggest("tenant-1")  # the service goes down while this one is out
    return service


with tempfile.TemporaryDirectory() as folder:
    store = f"sqlite:{folder}/service.db"
    for line in serve(store, 8).summary():
        print(line)
    print("restarted")
    for line in serve(store, 4).summary():
        print(line)
