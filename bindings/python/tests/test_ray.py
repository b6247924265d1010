import doctest
import faulthandler
import os
import signal
import time

import pool_trials
import pytest
import tunesmith

# Ray's workers are nice to the rest of the machine, and on a busy one would be minutes late.
os.environ.setdefault("RAY_worker_niceness", "0")

ray = pytest.importorskip("ray", reason="trials on Ray need ray")

import tunesmith.ray  # noqa: E402
from tunesmith.ray import RayExecutor  # noqa: E402
from tunesmith.testing import check_executor  # noqa: E402


@pytest.fixture(autouse=True)
def patience(watchdog):
    """Ray takes a while to start its workers, and minutes on a busy machine."""
    faulthandler.dump_traceback_later(600, exit=True)


@pytest.fixture(scope="module")
def cluster():
    ray.init(
        num_cpus=4,
        resources={"bench": 2},
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        object_store_memory=100 * 2**20,
        # Workers do not find the tests' modules by themselves.
        runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join([os.path.dirname(__file__), *sys_path()])}},
    )
    yield ray
    ray.shutdown()


def sys_path():
    return [os.path.dirname(os.path.dirname(tunesmith.__file__))]


def run(executor, trials, **arguments):
    space = tunesmith.Space().add_float("x", 0, 1)
    study = tunesmith.Study("s", space, **{"metric": "loss", "strategy": "random", **arguments})
    return tunesmith.Tuner(study, executor, max_trials=trials).run()


def test_reports_and_results_arrive(cluster):
    executor = RayExecutor(pool_trials.square)
    assert executor.capacity() == 4
    for trial in run(executor, 10).view.trials:
        x = trial.params["x"]
        assert trial.value == x**2
        assert trial.reports == [(level, {"loss": x / level}) for level in (1.0, 2.0, 3.0)]


def test_trials_run_elsewhere_with_the_resources_asked_for(cluster):
    def where(run, reporter):
        import ray

        resources = ray.get_runtime_context().get_assigned_resources()
        return {"loss": run.params["x"], "pid": float(os.getpid()), "bench": resources["bench"]}

    executor = RayExecutor(where, num_cpus=0, resources={"bench": 0.5})
    assert executor.capacity() == 4
    trials = run(executor, 6).view.trials
    assert all(trial.metrics["bench"] == 0.5 and trial.metrics["pid"] != os.getpid() for trial in trials)


def test_the_executors_contract(cluster):
    result = check_executor(
        lambda slots: RayExecutor(pool_trials.conformance_trial, max_parallel=slots), patience=60
    )
    assert result.holds, result.report()


def test_a_failure_is_the_trials(cluster):
    trial = run(RayExecutor(pool_trials.broken), 1).view.trials[0]
    assert trial.state == "failed" and trial.reason.startswith("LookupError: no such layer\nTraceback")


def test_a_killed_worker_costs_an_attempt(cluster, tmp_path):
    """Killed from outside in the middle of its trial."""
    marks = str(tmp_path)

    def train(run, reporter):
        reporter.report(1, 1.0)
        with open(f"{marks}/{run.number}.{run.attempt}", "w") as mark:
            mark.write(str(os.getpid()))
        while run.number == 1 and run.attempt == 1:
            reporter.report(1, 1.0)
            time.sleep(0.01)
        return run.params["x"]

    class Killer(tunesmith.StoppingRule):
        killed = False

        def on_events(self, view, news):
            mark = tmp_path / "1.1"
            if not self.killed and mark.exists() and mark.read_text():
                self.killed = True
                os.kill(int(mark.read_text()), signal.SIGKILL)
            return []

    trials = run(RayExecutor(train), 6, stopping_rules=[Killer()]).view.trials
    assert [trial.state for trial in trials] == ["completed"] * 6
    assert [trial.attempt for trial in trials] == [1, 2, 1, 1, 1, 1]
    assert all(trial.value == trial.params["x"] for trial in trials)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.1", "1.1", "1.2", "2.1", "3.1", "4.1", "5.1"]


def test_a_trial_that_always_kills_its_worker_is_lost(cluster):
    trials = run(RayExecutor(pool_trials.dying_always, max_worker_deaths=2), 5).view.trials
    assert [trial.state for trial in trials] == ["completed"] * 2 + ["lost"] + ["completed"] * 2
    assert trials[2].attempt == 2 and "WorkerCrashedError" in trials[2].reason


def test_what_waits_for_resources_is_cancelled(cluster):
    class Cancel(tunesmith.StoppingRule):
        def on_events(self, view, news):
            if any(stored.event.kind == "reported" for stored in news):
                tuner.cancel()
            return []

    study = tunesmith.Study(
        "s", tunesmith.Space().add_float("x", 0, 1), metric="loss", strategy="random", stopping_rules=[Cancel()]
    )
    tuner = tunesmith.Tuner(
        study, RayExecutor(pool_trials.until_stopped, max_parallel=3, num_cpus=4), max_trials=3, probe_first=False
    )
    assert tuner.run().reason == "cancelled"
    assert {trial.state for trial in study.trials} <= {"preempted", "stopped"}


def test_its_options_are_rays(cluster):
    for option in ("max_retries", "retry_exceptions", "num_returns"):
        with pytest.raises(ValueError, match=option):
            RayExecutor(pool_trials.square, **{option: 1})
    with pytest.raises(ValueError, match="colour"):
        RayExecutor(pool_trials.square, colour="red")


def test_the_examples_run():
    ray.shutdown()
    with pytest.raises(RuntimeError, match="ray.init"):
        RayExecutor(pool_trials.square)
    results = doctest.testmod(tunesmith.ray)
    assert results.attempted > 0 and results.failed == 0
