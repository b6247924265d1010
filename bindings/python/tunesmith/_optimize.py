"""The loop of DynamicStudy.optimize, in this thread or in several."""

import os
import threading
import time

from . import _failure, _log
from ._dynamic_trial import TrialStopped
from ._tunesmith import TrialResult


class _Loop:
    """What the threads of one optimize share."""

    def __init__(self, study, objective, n_trials, timeout, catch, callbacks, progress):
        self.study = study
        self.objective = objective
        self.left = n_trials
        self.deadline = None if timeout is None else time.monotonic() + timeout
        self.catch = catch
        self.callbacks = callbacks
        self.progress = progress
        self.news = threading.Condition()
        self.error = None
        self.only_one = len(study.directions) == 1
        # Asked once: who wants to see or hear of each trial.
        self.watched = progress is not None or bool(callbacks) or _log.is_heard()

    def over(self):
        if self.study._stopped or self.study._interrupted or self.error is not None:
            return True
        return self.deadline is not None and time.monotonic() >= self.deadline

    def next_trial(self):
        """A trial to run; None where there will be none."""
        with self.news:
            if self.left is not None:
                if self.left <= 0:
                    return None
                self.left -= 1
        while not self.over():
            trial = self.study.ask()
            if trial is not None:
                return trial
            why = self.study.core.nothing_now
            if why != "waiting" or not self.study._live:
                _log.info("%s: no more trials, %s", self.study.name, why)
                return None
            with self.news:
                self.news.wait(0.05)
        return None

    def run_one(self, trial):
        study = self.study
        error = None
        try:
            values = self.objective(trial)
            result = values if type(values) is float and self.only_one else self._result(values)
        except TrialStopped:
            result = TrialResult("stopped", "the objective ended early")
        except Exception as raised:
            error = raised
            result = TrialResult("failed", _failure.words(raised))
        except BaseException as raised:
            study._tell(trial, TrialResult("preempted", type(raised).__name__))
            raise
        study._tell(trial, result)
        if self.watched:
            record = study._record(trial.number)
            told = record.reason if record.value is None else record.value
            _log.info("trial %d %s: %s for %s", record.number, record.state, told, record.params)
            if self.progress is not None:
                self.progress.ended(record.number, record.state, record.value)
            for callback in self.callbacks:
                callback(study, record)
        if error is not None and not isinstance(error, self.catch):
            raise error

    def _result(self, values):
        if isinstance(values, TrialResult):
            return values
        try:
            measured = self.study._measured(values)
        except (TypeError, ValueError):
            return TrialResult("failed", f"the objective returned {values!r}, which is no value")
        return TrialResult("completed", "", measured)

    def work(self):
        """Trial after trial, until there is nothing left to do."""
        while not self.over() and (trial := self.next_trial()) is not None:
            self.run_one(trial)

    def work_in_thread(self):
        try:
            self.work()
        except BaseException as error:
            if self.error is None:
                self.error = error


def run(study, objective, n_trials, timeout, n_jobs, catch, callbacks, show_progress_bar):
    progress = None
    if show_progress_bar:
        from . import _progress

        progress = _progress.Progress(n_trials, study.directions[0])
    catch = tuple(catch) if isinstance(catch, (list, tuple, set)) else (catch,)
    study._stopped = study._interrupted = False
    loop = _Loop(study, objective, n_trials, timeout, catch, tuple(callbacks or ()), progress)
    if n_jobs < 0:
        n_jobs = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        if n_jobs == 1:
            loop.work()
        else:
            _in_threads(loop, n_jobs)
    finally:
        if progress is not None:
            progress.close()


def _in_threads(loop, n_jobs):
    # Daemons: an objective that does not look at should_stop must not hold up a program that was interrupted.
    threads = [threading.Thread(target=loop.work_in_thread, daemon=True) for _ in range(n_jobs)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)
    except BaseException as error:
        study = loop.study
        study._interrupted = True
        for trial in list(study._live.values()):
            study._tell(trial, TrialResult("preempted", type(error).__name__))
        raise
    if loop.error is not None:
        raise loop.error
