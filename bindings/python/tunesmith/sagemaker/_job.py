"""A job of this machine: a job file, its study and its trials' folders, whoever runs it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import pathlib
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import tunesmith

logger = logging.getLogger("tunesmith.sagemaker")

_EVENTS_AT_ONCE = 10_000
_ENDED = frozenset({"completed", "stopped", "failed", "infeasible", "lost"})
_running: dict[str, LocalJob] = {}
_running_lock = threading.Lock()


class Ended(NamedTuple):
    """How a job ended: TuningResult's reason (or "stopped") and explanation, and when."""

    reason: str
    explanation: str
    time: float


class LocalJob:
    """The job `name` of a folder: <name>.json, which the command `tunesmith` takes as well, and <name>.tunesmith.

    At most one object for a job that this process runs; `find` returns it.
    """

    def __init__(self, folder: str | os.PathLike[str], name: str, text: str) -> None:
        self.folder = pathlib.Path(folder).absolute()
        self.name = name
        self.text = text
        self._thread: threading.Thread | None = None
        self._done = threading.Event()
        self._tuner: tunesmith.Tuner | None = None
        self._failure: BaseException | None = None
        self._stopping = False

    @classmethod
    def named(cls, folder: str | os.PathLike[str], name: str) -> LocalJob:
        """A job to be begun. A name that no folder can have is told with the other mistakes of its text."""
        return cls(folder, name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*", name) else "unnamed", "{}")

    @classmethod
    def find(cls, folder: str | os.PathLike[str], name: str) -> LocalJob:
        """A job that was begun, by this process or another. Raises ValueError where there is none."""
        path = pathlib.Path(folder).absolute() / f"{name}.json"
        with _running_lock:
            running = _running.get(str(path))
        if running is not None:
            return running
        if not path.is_file():
            raise ValueError(f'there is no job "{name}": {path} does not exist')
        return cls(folder, name, path.read_text(encoding="utf-8"))

    @property
    def path(self) -> pathlib.Path:
        """The job file."""
        return self.folder / f"{self.name}.json"

    @property
    def own_folder(self) -> pathlib.Path:
        """The study, how it ended, and the trials' folders."""
        return self.folder / f"{self.name}.tunesmith"

    def trial_folder(self, number: int) -> pathlib.Path:
        """Where a trial's model, output, checkpoints and logs lie."""
        return self.own_folder / "trials" / f"trial-{number:04d}"

    @property
    def store(self) -> str:
        """URL of the store that holds the study."""
        return f"sqlite:{self.own_folder / 'study.db'}"

    @property
    def contents(self) -> dict[str, Any]:
        """The job file's JSON."""
        contents: dict[str, Any] = json.loads(self.text)
        return contents

    def start(self) -> None:
        """Begins the job, or goes on with it, in a thread. Raises Error where it cannot be run, or is being run."""
        with _running_lock:
            holder = "this program" if str(self.path) in _running else self.holder
        if holder:
            raise tunesmith.Error("store_busy", f'the job "{self.name}" is being run by {holder}')
        job = tunesmith.load_job(self.text, base_folder=self.folder)
        job.folder = self.own_folder / "trials"
        self.own_folder.mkdir(parents=True, exist_ok=True)
        teller = _Teller(self.name)
        study, self._tuner = tunesmith.open_job(job, self.store, on_progress=teller)
        teller.pass_over(study.view())
        _write(self.path, self.text)
        self._record_path.unlink(missing_ok=True)
        self._done.clear()
        self._failure = None
        self._stopping = False
        with _running_lock:
            _running[str(self.path)] = self
        # No daemon: a program that has nothing left to do but wait for its job waits for it.
        self._thread = threading.Thread(target=self._run, args=(self._tuner,), name=f"tunesmith {self.name}")
        self._thread.start()

    def _run(self, tuner: tunesmith.Tuner) -> None:
        try:
            result = tuner.run()
            self._record(result)
        except BaseException as error:
            self._failure = error
        finally:
            with _running_lock:
                del _running[str(self.path)]
            self._done.set()

    def wait(self, poll: float = 5.0, on_poll: Callable[[], object] | None = None) -> None:
        """Until the job has ended. One that nobody runs and that had not ended is gone on with.

        Ctrl-C stops the running trials, which the next session runs again, and raises KeyboardInterrupt.
        """
        while not self.is_running_here:
            self._raise_failure()
            if self.ended is not None:
                return
            if self.holder:
                if on_poll is not None:
                    on_poll()
                time.sleep(poll)
                continue
            logger.info("going on with %s", self.name)
            try:
                self.start()
            except tunesmith.Error as error:
                if error.code != "store_busy":  # another process was faster
                    raise
        try:
            while not self._done.wait(poll):
                if on_poll is not None:
                    on_poll()
        except KeyboardInterrupt:
            logger.warning("stopping %s: running trials get SIGTERM and up to 120 s to end", self.name)
            self.cancel()
            self._done.wait()
            raise
        self._raise_failure()

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def discard_unused(self) -> None:
        """Removes what was prepared for a job that could not begin."""
        if self.path.exists():
            return
        shutil.rmtree(self.own_folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()  # where there is nothing else

    def cancel(self) -> None:
        """Ends this process's session; the job can be gone on with."""
        if self._tuner is not None:
            self._tuner.cancel("interrupted")

    def request_stop(self, reason: str) -> None:
        """Ends the job for good, whichever process runs it; running trials are stopped."""
        if self.ended is not None:
            return
        self._stopping = True
        if self.holder or self.is_running_here:
            self.study().request_stop(reason)
        else:
            self._write_ended(Ended("stopped", reason, time.time()))

    @property
    def is_running_here(self) -> bool:
        """Whether a thread of this process runs it."""
        return self._thread is not None and not self._done.is_set()

    @property
    def failure(self) -> BaseException | None:
        """What ended this program's session, where it was no end of the job; wait() raises it once."""
        return self._failure

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop and still runs."""
        if not (self.is_running_here or self.holder):
            return False
        return self._stopping or self.view().stop_requested() is not None

    @property
    def holder(self) -> str:
        """The process that runs it, in words; empty: none."""
        info = self._info()
        return "" if info is None else info.holder

    @property
    def ended(self) -> Ended | None:
        """How the job ended; None while it runs, or while it could be gone on with."""
        if self.is_running_here:
            return None
        try:
            return Ended(**json.loads(self._record_path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            pass
        if self._info() is None or self.holder:
            return None
        spent = self.study().why_spent  # where the command ran it to its end
        return Ended("trials_spent", spent, self.events()[-1].time) if spent else None

    def study(self) -> tunesmith.Study:
        """The study, opened to look at or to be told to stop."""
        job = tunesmith.load_job(self.text, base_folder=self.folder)
        job.folder = self.own_folder / "trials"
        return tunesmith.open_job(job, self.store)[0]

    def view(self) -> tunesmith.StudyView:
        """The study as it is now."""
        if self._info() is None:
            return self.study().view()
        return tunesmith.read_study(self.store, self.name)

    def events(self) -> list[tunesmith.Event]:
        """All that has happened, in its order."""
        info = self._info()
        if info is None:
            return []
        store = tunesmith.open_store(self.store)
        events: list[tunesmith.Event] = []
        after = 0
        while True:
            stored = store.events_since(info.key, after, _EVENTS_AT_ONCE)
            events += [one.event for one in stored]
            if len(stored) < _EVENTS_AT_ONCE:
                return events
            after = stored[-1].sequence

    def _info(self) -> tunesmith.StudyInfo | None:
        if not (self.own_folder / "study.db").exists():
            return None
        return next((one for one in tunesmith.open_store(self.store).list() if one.name == self.name), None)

    @property
    def _record_path(self) -> pathlib.Path:
        return self.own_folder / "ended.json"

    def _record(self, result: tunesmith.TuningResult) -> None:
        reason: str = result.reason
        if reason == "cancelled":
            if result.view.stop_requested() is None:
                return  # interrupted: to be gone on with
            reason = "stopped"
        self._write_ended(Ended(reason, result.explanation, time.time()))

    def _write_ended(self, ended: Ended) -> None:
        self.own_folder.mkdir(parents=True, exist_ok=True)
        _write(self._record_path, json.dumps(ended._asdict()))


class _Teller:
    """Logs each trial that ends, for programs that listen to the level INFO."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: set[int] = set()

    def pass_over(self, view: tunesmith.StudyView) -> None:
        """Trials of earlier sessions are not told."""
        self._told.update(trial.number for trial in view.trials if trial.state in _ENDED)

    def __call__(self, progress: tunesmith.Progress) -> None:
        if not logger.isEnabledFor(logging.INFO):
            return
        view = progress.view
        for number in range(len(view)):
            if number in self._told or view.trial(number).state not in _ENDED:
                continue
            self._told.add(number)
            trial, best = view.trial(number), view.best
            what = trial.reason.split("\n")[0] if trial.value is None else f"{trial.value:g}"
            so_far = "" if best is None or best.value is None else f", best {best.value:g} of trial {best.number}"
            logger.info("%s: trial %d %s: %s%s", self._name, number, trial.state, what, so_far)


def clean(base: str) -> str:
    """A text as the beginning of a job's name."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in base).strip("-")


def show(text: str) -> None:
    """Text on stdout, at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


def new_name(folder: pathlib.Path, base: str, longest: int = 32) -> str:
    """A job name that no job of the folder has yet: the base, the time to the minute, and a number where needed."""
    stamp = time.strftime("-%y%m%d-%H%M")
    folder.mkdir(parents=True, exist_ok=True)
    for count in range(1, 1000):
        ending = stamp if count == 1 else f"{stamp}-{count}"
        name = base[: longest - len(ending)].rstrip("-") + ending
        with contextlib.suppress(FileExistsError):
            (folder / f"{name}.tunesmith").mkdir()
            return name
    raise ValueError(f"{folder} is full of jobs named {base}{stamp}")


def _write(path: pathlib.Path, text: str) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text, encoding="utf-8")
    os.replace(new, path)
