import doctest
import os
import signal
import time

import pool_trials
import pytest
import tunesmith

distributed = pytest.importorskip("distributed", reason="trials on Dask need dask[distributed]")

import tunesmith.dask  # noqa: E402
from tunesmith.dask import DaskExecutor  # noqa: E402
from tunesmith.testing import check_executor  # noqa: E402


@pytest.fixture(scope="module")
def client():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=2, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        with distributed.Client(cluster) as connected:
            yield connected


def run(executor, trials, **arguments):
    space = tunesmith.Space().add_float("x", 0, 1)
    study = tunesmith.Study("s", space, **{"metric": "loss", "strategy": "random", **arguments})
    return tunesmith.Tuner(study, executor, max_trials=trials).run()


def test_trials_run_on_the_workers(client):
    executor = DaskExecutor(client, pool_trials.elsewhere)
    assert executor.capacity() == 4
    trials = run(executor, 12).view.trials
    assert all(trial.value == trial.params["x"] for trial in trials)
    assert {trial.metrics["pid"] for trial in trials} <= set(client.run(os.getpid).values())


def test_reports_and_results_arrive(client):
    for trial in run(DaskExecutor(client, pool_trials.square), 10).view.trials:
        x = trial.params["x"]
        assert trial.value == x**2
        assert trial.reports == [(level, {"loss": x / level}) for level in (1.0, 2.0, 3.0)]


def test_functions_of_a_program_need_no_module(client):
    trials = run(DaskExecutor(client, lambda run, reporter: run.params["x"] + 1), 3).view.trials
    assert all(trial.value == trial.params["x"] + 1 for trial in trials)


def test_the_executors_contract(client):
    result = check_executor(lambda slots: DaskExecutor(client, pool_trials.conformance_trial, max_parallel=slots))
    assert result.holds, result.report()


def test_the_pools_own_executor_will_do(client):
    from tunesmith.futures import FuturesExecutor

    executor = FuturesExecutor(client.get_executor(pure=False), pool_trials.square, max_parallel=2)
    assert all(trial.value == trial.params["x"] ** 2 for trial in run(executor, 6).view.trials)


def killed_at_the_first_attempt(run, reporter):
    """Kills its worker, as the kernel does for want of memory."""
    reporter.report(1, 1.0)
    if run.number == 1 and run.attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.05)
    return run.params["x"]


@pytest.mark.parametrize("allowed_failures", [0, 3])
def test_a_killed_worker_costs_an_attempt(allowed_failures):
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        cluster.scheduler.allowed_failures = allowed_failures
        with distributed.Client(cluster) as client:
            trials = run(DaskExecutor(client, killed_at_the_first_attempt), 6).view.trials
    assert [trial.state for trial in trials] == ["completed"] * 6
    assert [trial.attempt for trial in trials] == [1, 2, 1, 1, 1, 1]
    assert all(trial.value == trial.params["x"] for trial in trials)


def test_a_trial_that_always_kills_its_worker_is_lost():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        with distributed.Client(cluster) as client:
            executor = DaskExecutor(client, pool_trials.dying_always, max_worker_deaths=2)
            trials = run(executor, 5).view.trials
    assert [trial.state for trial in trials] == ["completed"] * 2 + ["lost"] + ["completed"] * 2
    assert trials[2].attempt == 2 and "2 times in all" in trials[2].reason


def test_its_options_are_dasks(client):
    with pytest.raises(TypeError, match="colour"):
        DaskExecutor(client, pool_trials.square, colour="red")
    address = sorted(client.nthreads())[0]
    pid = client.run(os.getpid, workers=[address])[address]
    trials = run(DaskExecutor(client, pool_trials.elsewhere, workers=[address]), 5).view.trials
    assert {trial.metrics["pid"] for trial in trials} == {float(pid)}


def test_the_examples_run():
    results = doctest.testmod(tunesmith.dask)
    assert results.attempted > 0 and results.failed == 0
