"""A store of your own: a folder with a file of JSON lines per study."""

import contextlib
import fcntl
import json
import pathlib
import tempfile
import time
from collections.abc import Generator
from typing import Any, TextIO

import tunesmith
from tunesmith.testing import check_store


class Log:
    """What has been read of a file so far."""

    def __init__(self) -> None:
        self.size = 0
        self.events: list[tunesmith.StoredEvent] = []
        self.generation = 0
        self.open: set[tuple[int, int]] = set()

    def take(self, fields: dict[str, Any]) -> None:
        event = tunesmith.Event(**fields)
        self.events.append(tunesmith.StoredEvent(len(self.events) + 1, event))
        self.generation += tunesmith.moves_generation(event.kind)
        if tunesmith.opens_attempt(event.kind):
            self.open = {attempt for attempt in self.open if attempt[0] != event.trial} | {(event.trial, event.attempt)}
        elif event.kind == "finished":
            self.open.discard((event.trial, event.attempt))


class FolderStore(tunesmith.Store):
    """One line is one append, so that a kill leaves all of it or a line without an end, which does not count."""

    FIELDS = ("kind", "trial", "attempt", "resource", "value", "time", "metric", "payload")

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = pathlib.Path(folder)
        self.logs: dict[int, Log] = {}

    @contextlib.contextmanager
    def locked(self) -> Generator[TextIO, None, None]:
        """Against threads and other processes; yields a file that counts the studies ever made."""
        try:
            with open(self.folder / "lock", "a+") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield file
        except OSError as error:
            raise tunesmith.Error("store_unavailable", f"{self.folder}: {error}") from error

    def path(self, study: int, ending: str = "jsonl") -> pathlib.Path:
        path = self.folder / f"{study}.{ending}"
        if not self.folder.joinpath(f"{study}.jsonl").exists():
            raise tunesmith.Error("invalid_argument", f"there is no study {study}")
        return path

    def head(self, path: pathlib.Path) -> Any:
        try:
            with open(path) as file:
                return json.loads(file.readline())
        except ValueError as error:
            raise tunesmith.Error("store_corrupt", f"{path}: {error}") from error

    def read(self, study: int) -> Log:
        path, log = self.path(study), self.logs.setdefault(study, Log())
        with open(path, "rb") as file:
            if log.size == 0:
                log.size = len(file.readline())
            file.seek(log.size)
            for line in file:
                if not line.endswith(b"\n"):
                    break
                try:
                    for fields in json.loads(line):
                        log.take(fields)
                except (ValueError, TypeError) as error:
                    raise tunesmith.Error("store_corrupt", f"{path}: {error}") from error
                log.size += len(line)
        return log

    def holder(self, study: int) -> str:
        with contextlib.suppress(FileNotFoundError):
            lease = json.loads(self.path(study, "lease").read_text())
            if lease["until"] > time.time():
                return str(lease["owner"])
        return ""

    def open_study(self, name: str, problem_json: str) -> tunesmith.OpenedStudy:
        with self.locked() as numbers:
            for path in self.folder.glob("*.jsonl"):
                head = self.head(path)
                if head["name"] == name:
                    return tunesmith.OpenedStudy(int(path.stem), False, head["problem"])
            if not problem_json:
                raise tunesmith.Error("invalid_argument", f"there is no study named {name!r}")
            key = numbers.tell() + 1
            numbers.write(".")
            text = json.dumps({"name": name, "problem": problem_json})
            (self.folder / f"{key}.jsonl").write_text(text + "\n")
            return tunesmith.OpenedStudy(key, True, problem_json)

    def events_since(self, study: int, after: int, limit: int) -> list[tunesmith.StoredEvent]:
        with self.locked():
            return self.read(study).events[after : after + limit]

    def append(
        self, study: int, events: list[tunesmith.Event], precondition: tunesmith.Precondition
    ) -> tunesmith.AppendResult:
        with self.locked():
            log = self.read(study)
            stale = precondition.kind == "generation" and precondition.generation != log.generation
            attempt = (precondition.trial, precondition.attempt)
            fenced = precondition.kind == "attempt_open" and attempt not in log.open
            if stale or fenced:
                return tunesmith.AppendResult("stale" if stale else "fenced", generation=log.generation)
            first = len(log.events) + 1
            line = json.dumps([{field: getattr(event, field) for field in self.FIELDS} for event in events])
            with open(self.path(study), "r+b") as file:
                file.seek(log.size)
                file.truncate()
                file.write(line.encode() + b"\n")
            return tunesmith.AppendResult("ok", first=first, generation=self.read(study).generation)

    def lease(self, study: int, owner: str, ttl: float) -> tunesmith.LeaseResult:
        with self.locked():
            holder = self.holder(study)
            if holder not in ("", owner):
                return tunesmith.LeaseResult(False, holder)
            self.path(study, "lease").write_text(json.dumps({"owner": owner, "until": time.time() + ttl}))
            return tunesmith.LeaseResult(True, owner)

    def release(self, study: int, owner: str) -> None:
        with self.locked():
            if self.holder(study) == owner:
                self.path(study, "lease").unlink()

    def wait(self, study: int, after: int, timeout: float) -> None:
        end = time.monotonic() + timeout
        while not self.events_since(study, after, 1) and time.monotonic() < end:
            time.sleep(0.01)

    def list(self) -> list[tunesmith.StudyInfo]:
        with self.locked():
            keys = sorted(int(path.stem) for path in self.folder.glob("*.jsonl"))
            return [
                tunesmith.StudyInfo(
                    key,
                    self.head(self.path(key))["name"],
                    events=len(self.read(key).events),
                    holder=self.holder(key),
                )
                for key in keys
            ]

    def remove(self, study: int) -> None:
        with self.locked():
            if holder := self.holder(study):
                raise tunesmith.Error("store_busy", f"study {study} is being tuned by {holder}")
            self.path(study, "lease").unlink(missing_ok=True)
            self.path(study).unlink()
            self.logs.pop(study, None)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        space = tunesmith.Space().add_float("x", -1, 1)
        for trials in (10, 20):  # the second call goes on where the first one ended
            study = tunesmith.tune(lambda p: p["x"] ** 2, space, trials, seed=6, store=FolderStore(folder))
            lines = pathlib.Path(folder, "1.jsonl").read_text().count("\n")
            print(f"{len(study.trials)} trials in a file of {lines} lines")

    with tempfile.TemporaryDirectory() as folder:
        places: list[str] = []

        def make() -> FolderStore:
            places.append(tempfile.mkdtemp(dir=folder))
            return FolderStore(places[-1])

        result = check_store(make, reopen=lambda: FolderStore(places[-1]))
        print("the contract is kept" if result.holds else result.report())
