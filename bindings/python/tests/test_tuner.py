import os
import signal
import subprocess
import sys
import threading
import time

import pytest
import tunesmith


def line():
    return tunesmith.Space().add_float("x", 0, 1)


def study_of(space=None, **arguments):
    arguments.setdefault("strategy", "random")
    return tunesmith.Study("s", space or line(), **{"metric": "loss", **arguments})


def tuned(study, objective, max_parallel=1, **options):
    executor = tunesmith.thread_pool_executor(objective, max_parallel=max_parallel)
    return tunesmith.Tuner(study, executor, **options).run()


def test_a_function_is_tuned():
    result = tuned(study_of(seed=2), lambda run, reporter: run.params["x"], max_trials=12)
    assert (result.reason, result.explanation) == ("trials_spent", "12 of 12 trials")
    trials = result.view.trials
    assert len(trials) == len(result.view) == 12
    assert result.view.best.value == min(trial.params["x"] for trial in trials)
    assert "Best:" in result.report()


def test_one_worker_gives_what_ask_and_tell_give():
    asked = study_of(seed=5, strategy="bayesian")
    asked.set_budget(max_trials=12)
    while (run := asked.ask()) is not None:
        asked.tell(run, (run.params["x"] - 0.3) ** 2)
    result = tuned(
        study_of(seed=5, strategy="bayesian"), lambda run, reporter: (run.params["x"] - 0.3) ** 2, max_trials=12
    )
    assert [trial.params for trial in result.view.trials] == [trial.params for trial in asked.trials]


def test_results_may_be_numbers_dicts_reports_or_outcomes():
    def objective(run, reporter):
        assert reporter.run.number == run.number
        if run.number == 0:
            return 0.5
        if run.number == 1:
            return {"loss": 0.25, "seconds": 3}
        if run.number == 2:
            assert reporter.report(1, 0.75) == "keep_going"
            assert reporter.report(2, {"loss": 0.125}) == "keep_going"
            return None
        return tunesmith.TrialResult("infeasible", "too wide")

    trials = tuned(study_of(), objective, max_trials=4).view.trials
    assert [trial.value for trial in trials] == [0.5, 0.25, 0.125, None]
    assert trials[2].reports == [(1.0, {"loss": 0.75}), (2.0, {"loss": 0.125})]
    assert (trials[3].state, trials[3].reason) == ("infeasible", "too wide")


def test_a_result_that_is_none_of_them_fails_the_trial():
    result = tuned(study_of(), lambda run, reporter: "0.5x", max_trials=3)
    assert result.reason == "too_many_failures"
    assert "could not convert" in result.view.trials[0].reason


def test_several_objectives_need_a_dict():
    study = tunesmith.Study("s", line(), objectives={"a": "minimize", "b": "maximize"}, strategy="random")
    result = tuned(study, lambda run, reporter: 1.0, max_trials=3)
    assert "dict of metrics" in result.view.trials[0].reason


def test_an_exception_becomes_a_failed_trial_with_its_traceback():
    def objective(run, reporter):
        if run.number == 1:
            raise ValueError("too large")
        return run.params["x"]

    trial = tuned(study_of(), objective, max_trials=3).view.trials[1]
    assert trial.state == "failed"
    assert trial.reason.split("\n")[0] == "ValueError: too large"
    assert "in objective" in trial.reason and "test_tuner.py" in trial.reason


def test_a_script_that_always_fails_is_given_up():
    def objective(run, reporter):
        raise NameError("typo")

    result = tuned(study_of(), objective, max_trials=50, max_parallel=4)
    assert result.reason == "too_many_failures"
    assert "NameError: typo" in result.explanation
    assert len(result.view) == 2


def test_budgets():
    study = study_of()
    result = tuned(study, lambda run, reporter: run.params["x"], target=0.2, max_trials=500)
    assert result.reason == "target_reached"
    assert study.view().budget.max_trials == 500 and study.view().budget.target == 0.2
    result = tuned(study_of(), lambda run, reporter: time.sleep(0.02) or 1.0, max_time=0.2)
    assert result.reason == "time_spent" and len(result.view) > 1
    assert result.view.active_time >= 0.2


def test_four_threads_share_the_interpreter():
    """The objective, a rule, a strategy and a store in Python, called by four threads of C++ at once."""
    reports = []

    class Search(tunesmith.SearchStrategy):
        def suggest(self, view, count):
            return [tunesmith.Suggestion({"x": (len(view) + i) / 1000}) for i in range(count)]

    class Rule(tunesmith.StoppingRule):
        def on_events(self, view, news):
            return [
                tunesmith.Action("stop_trial", trial=stored.event.trial, reason="unlucky")
                for stored in news
                if stored.event.kind == "reported" and stored.event.trial % 10 == 9
            ]

    def objective(run, reporter):
        for level in range(1, 6):
            if reporter.report(level, run.params["x"] / level) == "stop":
                break
            reports.append((run.number, level))
            sum(range(2000))
        return None

    study = study_of(strategy=None, search=Search(), stopping_rules=[Rule()])
    seen = []
    executor = tunesmith.thread_pool_executor(objective, max_parallel=4)
    tuner = tunesmith.Tuner(
        study,
        executor,
        max_trials=200,
        on_progress=lambda progress: seen.append((progress.view.count("running"), len(study.trials))),
    )
    result = tuner.run()
    assert result.reason == "trials_spent" and len(result.view) == 200
    states = [trial.state for trial in result.view.trials]
    assert states == ["stopped" if number % 10 == 9 else "completed" for number in range(200)]
    assert len(set(reports)) == len(reports) == 180 * 5
    assert seen[-1] == (0, 200)


def test_readers_and_writers_of_a_study_that_is_tuned(tmp_path):
    """Threads of Python use the study while threads of C++ do, and nobody waits for ever."""

    class Search(tunesmith.SearchStrategy):
        def suggest(self, view, count):
            return [tunesmith.Suggestion({"x": len(view) / 1000})]

    study = study_of(strategy=None, search=Search(), store=f"sqlite:{tmp_path}/studies.db")
    over = threading.Event()
    problems = []

    def use():
        try:
            while not over.is_set():
                run = study.ask()
                if run is not None:
                    study.report(run, 1, 0.5)
                    repr(study), study.best, study.front, study.trials, study.why_spent, study.open_runs()
                    study.view().problem.space.check(run.params)
                    study.tell(run)
        except Exception as error:  # shown below, in the test's own thread
            problems.append(error)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    executor = tunesmith.thread_pool_executor(
        lambda run, reporter: reporter.report(1, len(study.trials)) and None, max_parallel=4
    )
    result = tunesmith.Tuner(study, executor, max_trials=300).run()
    over.set()
    for thread in threads:
        thread.join()
    assert problems == []
    assert result.reason == "trials_spent"
    trials = study.trials
    assert len(trials) == len({trial.params["x"] for trial in trials}) == 300
    assert {trial.state for trial in trials} == {"completed"}


def test_cancel_from_another_thread_and_from_progress():
    started = threading.Event()

    def objective(run, reporter):
        started.set()
        level = 0
        while reporter.report(level := level + 1, 1.0) == "keep_going":
            time.sleep(0.01)

    study = study_of()
    tuner = tunesmith.Tuner(study, tunesmith.thread_pool_executor(objective), max_trials=3)
    thread = threading.Thread(target=lambda: started.wait() and tuner.cancel("enough"))
    thread.start()
    result = tuner.run()
    thread.join()
    assert (result.reason, result.explanation) == ("cancelled", "enough")
    assert [trial.state for trial in study.trials] == ["preempted"]
    with pytest.raises(tunesmith.Error, match="runs once"):
        tuner.run()

    tuner = tunesmith.Tuner(
        study,
        tunesmith.thread_pool_executor(objective),
        on_progress=lambda progress: progress.view.count("running") and tuner.cancel(),
    )
    assert tuner.run().reason == "cancelled"
    assert study.trials[0].attempt == 2


def test_a_request_to_stop_reaches_the_tuner():
    def objective(run, reporter):
        study.request_stop("seen enough")
        while reporter.report(1, 1.0) == "keep_going":
            time.sleep(0.01)

    study = study_of()
    result = tuned(study, objective)
    assert (result.reason, result.explanation) == ("cancelled", "seen enough")


def test_progress_that_raises_ends_the_tuning():
    def broken(progress):
        raise KeyError("progress")

    study = study_of()
    with pytest.raises(KeyError, match="progress"):
        tuned(study, lambda run, reporter: 1.0, on_progress=broken)
    assert all(trial.state != "running" for trial in study.trials)


def test_control_c_stops_the_trials_and_is_raised():
    started, ended = [], []

    def objective(run, reporter):
        if run.number == 0:
            return 1.0
        started.append(run.number)
        if len(started) == 3:
            os.kill(os.getpid(), signal.SIGINT)
        level = 0
        while reporter.report(level := level + 1, 1.0) == "keep_going":
            time.sleep(0.01)
        ended.append(run.number)

    study = study_of()
    with pytest.raises(KeyboardInterrupt):
        tuned(study, objective, max_parallel=3, max_trials=50)
    assert sorted(ended) == [1, 2, 3]
    assert [trial.state for trial in study.trials] == ["completed", "preempted", "preempted", "preempted"]
    # The next session goes on with them.
    result = tuned(study, lambda run, reporter: 0.5, max_trials=5)
    assert [trial.attempt for trial in result.view.trials] == [1, 2, 2, 2, 1]


def test_a_process_that_is_interrupted_ends_soon(tmp_path):
    script = tmp_path / "job.py"
    script.write_text(
        "import time, tunesmith\n"
        "def objective(run, reporter):\n"
        "    print('started', flush=True)\n"
        "    while reporter.report(1, 1.0) == 'keep_going':\n"
        "        time.sleep(0.01)\n"
        "study = tunesmith.Study('s', tunesmith.Space().add_float('x', 0, 1), metric='loss', strategy='random')\n"
        "tunesmith.Tuner(study, tunesmith.thread_pool_executor(objective)).run()\n"
    )
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "started\n"
    process.send_signal(signal.SIGINT)
    errors = process.communicate(timeout=30)[1]
    assert process.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in errors


def test_python_may_end_while_a_daemon_thread_tunes(tmp_path):
    script = tmp_path / "job.py"
    script.write_text(
        "import threading, time, tunesmith\n"
        "started = threading.Event()\n"
        "def objective(run, reporter):\n"
        "    while reporter.report(1, 1.0) == 'keep_going':\n"
        "        started.set()\n"
        "        time.sleep(0.001)\n"
        "study = tunesmith.Study('s', tunesmith.Space().add_float('x', 0, 1), metric='loss', strategy='random')\n"
        "tuner = tunesmith.Tuner(study, tunesmith.thread_pool_executor(objective, max_parallel=3))\n"
        "threading.Thread(target=tuner.run, daemon=True).start()\n"
        "started.wait()\n"
        "print('bye', flush=True)\n"
    )
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "bye\n", "")


def test_two_tuners_of_one_study_exclude_each_other(tmp_path):
    store = f"sqlite:{tmp_path}/studies.db"
    study, other = study_of(store=store), study_of(store=store)
    codes = []

    def objective(run, reporter):
        try:
            tuned(other, lambda run, reporter: 1.0)
        except tunesmith.Error as error:
            codes.append((error.code, str(os.getpid()) in str(error)))
        return 1.0

    tuned(study, objective, max_trials=1)
    assert codes == [("store_busy", True)]


def test_an_executor_is_one_tuners_alone():
    executor = tunesmith.thread_pool_executor(lambda run, reporter: 1.0)
    tunesmith.Tuner(study_of(), executor)
    with pytest.raises(tunesmith.Error, match="was given to a tuner"):
        tunesmith.Tuner(study_of(), executor)
    with pytest.raises(TypeError, match="TrialExecutor"):
        tunesmith.Tuner(study_of(), lambda run, reporter: 1.0)
    with pytest.raises(ValueError, match="progress_interval"):
        tunesmith.Tuner(study_of(), tunesmith.thread_pool_executor(lambda run, reporter: 1.0), progress_interval=0)
