import threading

import pytest
import tunesmith


def line():
    return tunesmith.Space().add_float("x", 0, 1)


def study_of(**arguments):
    return tunesmith.Study("s", line(), **{"metric": "loss", "strategy": "random", **arguments})


class Threads(tunesmith.TrialExecutor):
    """A thread per attempt, which obeys a requested stop within a hundredth of a second."""

    def __init__(self, slots=4):
        super().__init__()
        self.slots = slots
        self.calls = []
        self.running = {}

    def open(self, study, problem):
        self.calls.append(("open", study, problem.objectives))

    def capacity(self):
        return self.slots

    def start(self, run, reporter):
        stop = threading.Event()
        thread = threading.Thread(target=self.train, args=(run, reporter, stop))
        self.running[run.number, run.attempt] = thread, stop
        thread.start()
        return f"thread {run.number}"

    def train(self, run, reporter, stop):
        for level in range(1, 4):
            if stop.is_set() or reporter.report(level, run.params["x"] / level) == "stop":
                reporter.finish(tunesmith.TrialResult("stopped", "as asked"))
                return
        reporter.finish(run.params["x"])

    def request_stop(self, run):
        if (run.number, run.attempt) in self.running:
            self.running[run.number, run.attempt][1].set()

    def discard(self, number):
        self.calls.append(("discard", number))

    def close(self):
        for thread, stop in self.running.values():
            stop.set()
            thread.join()
        self.calls.append(("close",))


def test_an_executor_of_ones_own_runs_a_study():
    study, executor = study_of(), Threads()
    result = tunesmith.Tuner(study, executor, max_trials=100, keep_best=10).run()
    assert result.reason == "trials_spent"
    assert all(trial.value == trial.params["x"] for trial in result.view.trials)
    assert all(len(trial.reports) == 3 for trial in result.view.trials)
    assert executor.calls[0] == ("open", "s", {"loss": "minimize"})
    assert executor.calls[-1] == ("close",)
    assert len([call for call in executor.calls if call[0] == "discard"]) == 90


def test_what_start_returns_is_recorded():
    study = study_of()

    class Patient(Threads):
        def train(self, run, reporter, stop):
            while study.trials[run.number].handle == "":
                stop.wait(0.001)
            reporter.finish(0.5)

    view = tunesmith.Tuner(study, Patient(), max_trials=3).run().view
    assert [trial.handle for trial in view.trials] == ["thread 0", "thread 1", "thread 2"]


def test_it_is_closed_once_also_without_a_run():
    executor = Threads()
    tuner = tunesmith.Tuner(study_of(), executor)
    del tuner
    assert executor.calls == [("close",)]


def test_completing_inside_start():
    class AtOnce(tunesmith.TrialExecutor):
        def capacity(self):
            return 3

        def start(self, run, reporter):
            assert reporter.report(1, 0.5) == "keep_going"
            reporter.finish({"loss": run.params["x"]})
            reporter.finish(9.0)  # too late

        def request_stop(self, run):
            pass

    result = tunesmith.Tuner(study_of(), AtOnce(), max_trials=30).run()
    assert [trial.value for trial in result.view.trials] == [trial.params["x"] for trial in result.view.trials]


def test_start_that_raises_is_a_failed_trial():
    class Picky(Threads):
        def start(self, run, reporter):
            if run.number == 1:
                raise OSError("no machine left")
            return super().start(run, reporter)

    trial = tunesmith.Tuner(study_of(), Picky(), max_trials=4).run().view.trials[1]
    assert trial.state == "failed"
    assert trial.reason.startswith("OSError: no machine left\nTraceback") and "in start" in trial.reason


@pytest.mark.parametrize("method", ["open", "capacity", "request_stop", "discard", "close", "recover"])
def test_what_the_others_raise_is_raised_by_run(method, tmp_path):
    asked = threading.Event()

    class Broken(Threads):
        def train(self, run, reporter, stop):
            if method == "request_stop" and run.number == 0:
                asked.wait(10)
            super().train(run, reporter, stop)

    def broken(self, *arguments):
        asked.set()
        raise LookupError(f"{method} is broken")

    setattr(Broken, method, broken)
    study = study_of(store=f"sqlite:{tmp_path}/studies.db", stopping_rules=[StopFirst()])
    if method == "recover":
        study.ask()
    executor = Broken()
    with pytest.raises(LookupError, match=f"{method} is broken"):
        tunesmith.Tuner(study, executor, max_trials=20, keep_best=1).run()
    for thread, stop in executor.running.values():
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


class StopFirst(tunesmith.StoppingRule):
    def on_events(self, view, news):
        return [
            tunesmith.Action("stop_trial", trial=stored.event.trial, reason="the first")
            for stored in news
            if stored.event.kind == "suggested" and stored.event.trial == 0
        ]


def test_an_interrupt_inside_start_is_the_tuners():
    class Interrupted(Threads):
        def start(self, run, reporter):
            if run.number == 2:
                raise KeyboardInterrupt
            return super().start(run, reporter)

    study = study_of()
    with pytest.raises(KeyboardInterrupt):
        tunesmith.Tuner(study, Interrupted(), max_trials=20).run()
    assert study.trials[2].state == "preempted"


def test_recover_tells_what_became_of_an_attempt():
    study = study_of()
    runs = [study.ask() for _ in range(3)]

    class Finding(Threads):
        def recover(self, run, handle, reporter):
            assert handle == ""
            if run.number == 0:
                reporter.finish(0.25)
                return "finished"
            if run.number == 1:
                threading.Timer(0.1, lambda: reporter.finish(0.125)).start()
                return "running"
            return "gone"

    trials = tunesmith.Tuner(study, Finding(), max_trials=4).run().view.trials
    assert [(trial.state, trial.attempt) for trial in trials] == [("completed", 1)] * 2 + [
        ("completed", 2),
        ("completed", 1),
    ]
    assert [trial.value for trial in trials[:2]] == [0.25, 0.125]
    assert [run.number for run in runs] == [0, 1, 2]


def test_wrong_answers_are_named():
    class Vague(Threads):
        def capacity(self):
            return "many"

    with pytest.raises(TypeError, match=r"capacity\(\) must return an int, not str"):
        tunesmith.Tuner(study_of(), Vague(), max_trials=1).run()

    class Lost(Threads):
        def recover(self, run, handle, reporter):
            return "perhaps"

    study = study_of()
    study.ask()
    with pytest.raises(ValueError, match="perhaps"):
        tunesmith.Tuner(study, Lost(), max_trials=1).run()

    class Empty(tunesmith.TrialExecutor):
        pass

    with pytest.raises(NotImplementedError, match="capacity"):
        tunesmith.Tuner(study_of(), Empty(), max_trials=1).run()
    with pytest.raises(ValueError, match="reason"):
        tunesmith.TrialResult("failed")
    with pytest.raises(ValueError, match="done"):
        tunesmith.TrialResult("done")


def test_it_may_wrap_one_of_tunesmiths():
    class Counted(tunesmith.TrialExecutor):
        def __init__(self, inner):
            super().__init__()
            self.inner = inner
            self.started = 0

        def open(self, study, problem):
            self.inner.open(study, problem)

        def capacity(self):
            return self.inner.capacity()

        def start(self, run, reporter):
            self.started += 1
            return self.inner.start(run, reporter)

        def request_stop(self, run):
            self.inner.request_stop(run)

        def close(self):
            self.inner.close()

    inner = tunesmith.thread_pool_executor(lambda run, reporter: run.params["x"], max_parallel=3)
    counted = Counted(inner)
    assert len(tunesmith.Tuner(study_of(), counted, max_trials=20).run().view) == 20
    assert counted.started == 20
    assert (inner.recover, inner.describe(1)) and inner.describe(1) == ""


def test_reports_of_a_tuner_that_has_gone_are_answered_with_stop():
    kept = []

    class Keeping(Threads):
        def start(self, run, reporter):
            kept.append(reporter)
            reporter.finish(1.0)

    study = study_of()
    tunesmith.Tuner(study, Keeping(), max_trials=2).run()
    assert kept[0].report(1, 0.5) == "stop"
    kept[0].finish(0.25)
    assert study.trials[0].value == 1.0


def test_scripts_are_run_and_their_logs_read(tmp_path):
    script = tmp_path / "train.py"
    script.write_text(
        "import argparse\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--x', type=float)\n"
        "parser.add_argument('--epochs', type=int)\n"
        "args = parser.parse_args()\n"
        "for epoch in range(1, args.epochs + 1):\n"
        "    print(f'epoch {epoch} loss: {args.x / epoch}')\n"
    )
    study = study_of(
        metrics=[{"name": "loss", "regex": "loss: (.*)"}], resource_regex=r"epoch (\d+)", final={"mean_of_last": 2}
    )
    executor = tunesmith.subprocess_executor(
        ["python3", "train.py"],
        tmp_path / "trials",
        base_folder=tmp_path,
        max_parallel=2,
        static_parameters={"epochs": "3"},
        time_limit=60,
    )
    trials = tunesmith.Tuner(study, executor, max_trials=3).run().view.trials
    for trial in trials:
        x = trial.params["x"]
        assert trial.reports == [(level, {"loss": x / level}) for level in (1.0, 2.0, 3.0)]
        assert trial.value == pytest.approx((x / 2 + x / 3) / 2)
    with pytest.raises(tunesmith.Error):
        tunesmith.subprocess_executor([], tmp_path)
    with pytest.raises(tunesmith.Error) as raised:
        study_of(metrics=[{"name": "loss", "regex": "("}, {"regexp": "x"}])
    assert {"/metrics/0/regex", "/metrics/1/regexp"} <= {mistake.path for mistake in raised.value.mistakes}
