import concurrent.futures
import json
import multiprocessing
import os
import pickle
import socket
import threading
import time

import pool_trials
import pytest
import tunesmith
from tunesmith._remote import Attempt, Line, run_trial
from tunesmith.futures import FuturesExecutor
from tunesmith.testing import check_executor, conformance_trial

SPAWN = multiprocessing.get_context("spawn")


def processes(workers=2):
    return concurrent.futures.ProcessPoolExecutor(workers, SPAWN)


def study_of(**arguments):
    space = tunesmith.Space().add_float("x", 0, 1)
    return tunesmith.Study("s", space, **{"metric": "loss", "strategy": "random", **arguments})


def run(executor, trials, **arguments):
    return tunesmith.Tuner(study_of(**arguments), executor, max_trials=trials).run()


@pytest.fixture(scope="module")
def shared_processes():
    with processes() as pool:
        yield pool


@pytest.fixture(scope="module")
def shared_threads():
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        yield pool


def check_square(view):
    for trial in view.trials:
        x = trial.params["x"]
        assert trial.value == x**2
        assert trial.reports == [(level, {"loss": x / level}) for level in (1.0, 2.0, 3.0)]


def test_threads(shared_threads):
    result = run(FuturesExecutor(shared_threads, pool_trials.square), 30)
    assert result.reason == "trials_spent"
    check_square(result.view)


def test_processes(shared_processes):
    executor = FuturesExecutor(shared_processes, pool_trials.square)
    assert executor.capacity() == 2
    check_square(run(executor, 20).view)


def test_trials_run_in_the_pools_processes(shared_processes):
    trials = run(FuturesExecutor(shared_processes, pool_trials.elsewhere), 6).view.trials
    assert all(trial.metrics["pid"] != os.getpid() for trial in trials)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_the_executors_contract(kind, shared_threads):
    if kind == "threads":
        result = check_executor(lambda slots: FuturesExecutor(shared_threads, conformance_trial, max_parallel=slots))
    else:
        with processes(4) as pool:
            result = check_executor(
                lambda slots: FuturesExecutor(pool, pool_trials.conformance_trial, max_parallel=slots)
            )
    assert result.holds, result.report()


def test_an_exception_is_a_failed_trial_with_its_traceback(shared_processes):
    trial = run(FuturesExecutor(shared_processes, pool_trials.broken), 1).view.trials[0]
    assert trial.state == "failed"
    assert trial.reason.startswith("LookupError: no such layer\nTraceback") and "in broken" in trial.reason


def test_what_cannot_be_pickled_is_a_failed_trial(shared_processes):
    trial = run(FuturesExecutor(shared_processes, lambda run, reporter: 1.0), 1).view.trials[0]
    assert trial.state == "failed" and "ickl" in trial.reason


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_metrics_that_are_no_numbers_are_the_trials_mistake(kind, shared_threads, shared_processes):
    pool = shared_threads if kind == "threads" else shared_processes
    trial = run(FuturesExecutor(pool, pool_trials.vague), 1).view.trials[0]
    assert trial.state == "failed" and "Error" in trial.reason and "in vague" in trial.reason
    several = FuturesExecutor(pool, pool_trials.square)
    trial = run(several, 1, metric=None, objectives={"a": "minimize", "b": "minimize"}).view.trials[0]
    assert trial.state == "failed" and "several objectives" in trial.reason


def test_a_worker_that_dies_costs_an_attempt(tmp_path):
    executor = FuturesExecutor(processes, pool_trials.dying_once(tmp_path))
    trials = run(executor, 6).view.trials
    assert [trial.state for trial in trials] == ["completed"] * 6
    assert trials[1].attempt > 1 and trials[1].value == trials[1].params["x"]
    assert (tmp_path / f"1.{trials[1].attempt}").exists()


def test_the_last_trial_is_not_given_up_when_its_worker_dies(tmp_path):
    executor = FuturesExecutor(processes, LastDies(str(tmp_path)))
    trials = run(executor, 4).view.trials
    assert [trial.state for trial in trials] == ["completed"] * 4
    assert trials[3].attempt == 2


class LastDies(pool_trials.Dying):
    """Late enough for the tuner to have nothing left to begin."""

    def __init__(self, folder):
        super().__init__(folder, 3)

    def __call__(self, run, reporter):
        time.sleep(0.5 if run.number == 3 else 0)
        return super().__call__(run, reporter)


def test_a_trial_that_always_kills_its_worker_is_lost_and_no_other():
    executor = FuturesExecutor(lambda: processes(3), pool_trials.dying_always, max_worker_deaths=2)
    result = run(executor, 8)
    assert [trial.state for trial in result.view.trials] == ["completed"] * 2 + ["lost"] + ["completed"] * 5
    lost = result.view.trials[2]
    assert "its worker died, " in lost.reason and "BrokenProcessPool" in lost.reason


def test_a_pool_that_cannot_be_made_anew_ends_the_tuner_and_not_the_study():
    study = study_of()
    with processes() as pool:
        with pytest.raises(concurrent.futures.BrokenExecutor):
            tunesmith.Tuner(study, FuturesExecutor(pool, pool_trials.dying), max_trials=6).run()
    assert [trial.state for trial in study.trials] == ["preempted"]
    check_square(tunesmith.Tuner(study, FuturesExecutor(processes, pool_trials.square), max_trials=3).run().view)
    closed = concurrent.futures.ThreadPoolExecutor(1)
    closed.shutdown()
    with pytest.raises(RuntimeError, match="shutdown"):
        run(FuturesExecutor(closed, pool_trials.square), 1)


class StopFirst(tunesmith.StoppingRule):
    def on_events(self, view, news):
        return [
            tunesmith.Action("stop_trial", trial=0, reason="the first")
            for stored in news
            if stored.event.kind == "reported" and stored.event.trial == 0
        ]


def first_waits(run, reporter):
    return pool_trials.until_stopped(run, reporter) if run.number == 0 else pool_trials.square(run, reporter)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_a_rule_stops_a_trial(kind, shared_threads, shared_processes):
    pool = shared_threads if kind == "threads" else shared_processes
    trials = run(FuturesExecutor(pool, first_waits), 4, stopping_rules=[StopFirst()]).view.trials
    assert [trial.state for trial in trials] == ["stopped"] + ["completed"] * 3
    assert trials[0].reason.endswith("the first")


class Recorder(tunesmith.TrialExecutor):
    """Hands its runs and reporters out, and ends a trial when it is told to."""

    def __init__(self):
        super().__init__()
        self.started = []

    def capacity(self):
        return 2

    def start(self, run, reporter):
        self.started.append((run, reporter))
        reporter.finish(run.params["x"])

    def request_stop(self, run):
        pass


def a_run():
    recorder = Recorder()
    run_of(recorder)
    return recorder.started[0]


def run_of(executor):
    return tunesmith.Tuner(study_of(), executor, max_trials=1).run()


def test_a_result_that_comes_twice_or_late_counts_once():
    """A pool that calls everything twice, the second time when all is over."""

    class Twice(concurrent.futures.ThreadPoolExecutor):
        def __init__(self):
            super().__init__(2)
            self.calls = []

        def submit(self, function, *arguments):
            self.calls.append((function, arguments))
            return super().submit(function, *arguments)

    calls = []

    def count(run, reporter):
        calls.append((run.number, run.attempt))
        return square_of(run, reporter)

    study = study_of()
    with Twice() as pool:
        view = tunesmith.Tuner(study, FuturesExecutor(pool, count), max_trials=5).run().view
        for function, arguments in pool.calls:
            with pytest.raises(Exception, match="began it again"):
                function(*arguments)
    check_square(view)
    assert sorted(calls) == [(number, 1) for number in range(5)]
    assert len(study.trials) == 5 and [trial.attempt for trial in study.trials] == [1] * 5


def square_of(run, reporter):
    return pool_trials.square(run, reporter)


def test_a_second_execution_of_an_attempt_does_not_begin():
    """As when a pool does again by itself what a dead worker had begun."""
    run, reporter = a_run()
    attempts = {}
    line = Line("127.0.0.1", attempts.get)
    attempt = attempts[run.number, run.attempt] = Attempt(run, reporter, line)
    first, second = (pickle.loads(pickle.dumps(attempt)) for _ in range(2))
    assert (first.run.number, first.run.attempt, first.run.params) == (run.number, run.attempt, run.params)
    assert first.begin("one") == "keep_going"
    assert second.begin("two") == "begun"
    assert first.report(1, 0.5) == "stop"  # its tuner has gone
    attempts.clear()
    assert first.report(2, 0.5) == "stop"  # late
    first.close()
    second.close()
    line.close()


def test_what_the_executor_does_not_know_is_not_run():
    run, reporter = a_run()
    line = Line("127.0.0.1", lambda key: None)
    stranger = pickle.loads(pickle.dumps(Attempt(run, reporter, line)))
    called = []
    assert run_trial(lambda run, reporter: called.append(run), stranger)[0] == "stopped"
    assert called == []
    line.close()


@pytest.mark.parametrize("hello", [b"[]\n", b"nonsense\n", b"", json.dumps(["0" * 32, 0, 1, "x"]).encode() + b"\n"])
def test_strangers_on_the_line_get_no_answer(hello):
    run, reporter = a_run()
    attempt = Attempt(run, reporter, Line("127.0.0.1", lambda key: attempt))
    _, address, token = pickle.loads(pickle.dumps(attempt.__reduce__()[1]))
    with socket.create_connection(address, 5) as connection:
        connection.sendall(hello)
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(100) == b""
    assert attempt.begin("mine") == "keep_going"
    attempt._line.close()


def test_a_worker_that_cannot_reach_the_tuner_says_where_to_look():
    run, reporter = a_run()
    line = Line("127.0.0.1", lambda key: None)
    stranger = pickle.loads(pickle.dumps(Attempt(run, reporter, line)))
    line.close()
    outcome, reason, _ = run_trial(pool_trials.square, stranger)
    assert outcome == "failed" and reason.startswith("ConnectionError: a worker on") and "host=" in reason


def test_arguments_are_checked(shared_threads):
    with pytest.raises(TypeError, match="function of \\(run, reporter\\), not int"):
        FuturesExecutor(shared_threads, 3)
    for arguments in ({"max_parallel": 0}, {"max_worker_deaths": 0}):
        with pytest.raises(ValueError, match="at least 1"):
            FuturesExecutor(shared_threads, pool_trials.square, **arguments)

    class Silent(concurrent.futures.Executor):
        pass

    with pytest.raises(ValueError, match="max_parallel is needed"):
        FuturesExecutor(Silent(), pool_trials.square)


def test_a_pool_of_ones_own_stays_open_and_a_made_one_does_not():
    made = []

    def make():
        made.append(concurrent.futures.ThreadPoolExecutor(2))
        return made[-1]

    run(FuturesExecutor(make, pool_trials.square), 3)
    with pytest.raises(RuntimeError):
        made[0].submit(print)
    with concurrent.futures.ThreadPoolExecutor(2) as own:
        run(FuturesExecutor(own, pool_trials.square), 3)
        assert own.submit(len, "abc").result() == 3


def test_cancelling_a_tuner_ends_what_waits_and_what_runs():
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        study = study_of()
        executor = FuturesExecutor(pool, pool_trials.until_stopped, max_parallel=3)
        tuner = tunesmith.Tuner(study, executor, max_trials=3, probe_first=False)
        ended = []
        thread = threading.Thread(target=lambda: ended.append(tuner.run().reason))
        thread.start()
        while not (study.trials and study.trials[0].reports):
            time.sleep(0.005)
        tuner.cancel()
        thread.join(30)
        assert ended == ["cancelled"]
