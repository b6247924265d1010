"""The kit passes good executors in Python, and catches broken ones."""

import threading

import pytest
import tunesmith
from kit_results import broken_checks
from tunesmith.testing import check_executor, conformance_problem, conformance_trial


class Stoppable:
    """Answers "stop" once its trial was asked to end."""

    def __init__(self, reporter):
        self.reporter = reporter
        self.asked = threading.Event()

    def report(self, resource, metrics):
        decision = self.reporter.report(resource, metrics)
        return "stop" if self.asked.is_set() else decision


class Threads(tunesmith.TrialExecutor):
    def __init__(self, slots):
        super().__init__()
        self.slots = slots
        self.trials = {}

    def capacity(self):
        return self.slots

    def start(self, run, reporter):
        stoppable = Stoppable(reporter)
        thread = threading.Thread(target=self.train, args=(run, reporter, stoppable))
        self.trials[run.number, run.attempt] = thread, stoppable
        thread.start()

    def train(self, run, reporter, stoppable):
        reporter.finish(conformance_trial(run, stoppable))

    def request_stop(self, run):
        if (run.number, run.attempt) in self.trials:
            self.trials[run.number, run.attempt][1].asked.set()

    def close(self):
        for thread, stoppable in self.trials.values():
            stoppable.asked.set()
            thread.join()


class FinishesTwice(Threads):
    def train(self, run, reporter, stoppable):
        super().train(run, reporter, stoppable)
        reporter.finish(0.5)


class NeverAnswers(Threads):
    def train(self, run, reporter, stoppable):
        conformance_trial(run, stoppable)


class Deaf(Threads):
    """Forgets whom it was to stop, but for the end."""

    def request_stop(self, run):
        pass


class StopsAll(Threads):
    def request_stop(self, run):
        for thread, stoppable in self.trials.values():
            stoppable.asked.set()


class Raises(Threads):
    def request_stop(self, run):
        self.trials[run.number, run.attempt][1].asked.set()  # KeyError for a stranger


def test_good_executors_pass():
    result = check_executor(lambda capacity: tunesmith.thread_pool_executor(conformance_trial, max_parallel=capacity))
    assert result.holds, result.report()
    result = check_executor(Threads)
    assert result.holds, result.report()


@pytest.mark.parametrize("executor", [FinishesTwice, NeverAnswers, Deaf, StopsAll, Raises])
def test_broken_executors_are_caught(executor):
    assert broken_checks(check_executor(executor, patience=0.3))


def test_what_an_executor_finds_again_is_checked():
    class Found(Threads):
        def recover(self, run, handle, reporter):
            return "finished"  # and no result

    def make(capacity):
        return tunesmith.thread_pool_executor(conformance_trial, max_parallel=capacity)

    assert check_executor(make, again=lambda: make(2)).holds
    assert broken_checks(check_executor(make, again=lambda: Found(2), patience=0.3)) == {
        "what an earlier session began is found again, or gone"
    }


def test_an_executor_that_cannot_be_made_is_caught():
    def make(capacity):
        raise OSError("no machine")

    result = check_executor(make, patience=0.3)
    assert any("no machine" in promise.what for promise in result.broken)


def test_the_problem_of_the_trials():
    behaviour, levels = conformance_problem().space.parameters
    assert {"complete", "fail", "wait"} <= set(behaviour.choices) and levels.type == "int"
