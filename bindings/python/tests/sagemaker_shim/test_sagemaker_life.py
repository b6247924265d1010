"""Jobs that are stopped, interrupted, killed, attached to and gone on with."""

import logging
import os
import signal
import threading
import time

import pytest
import tunesmith
from tunesmith.sagemaker import Session
from tunesmith.sagemaker.pytorch import PyTorch
from tunesmith.sagemaker.tuner import ContinuousParameter, HyperparameterTuner

# Begins a job of four trials, the first of which waits for the file "go".
PROGRAM = """
    from tunesmith.sagemaker.pytorch import PyTorch
    from tunesmith.sagemaker.tuner import ContinuousParameter, HyperparameterTuner

    metrics = [{"Name": "loss", "Regex": "loss=(.*?);"}]
    tuner = HyperparameterTuner(
        PyTorch("train.py", hyperparameters={"epochs": 2}),
        "loss",
        {"x": ContinuousParameter(0, 1)},
        metrics,
        strategy="Random",
        objective_type="Minimize",
        max_jobs=4,
    )
    tuner.fit(job_name="long")
"""
WAITING = """
    import argparse, os, time

    parser = argparse.ArgumentParser()
    parser.add_argument("-x", type=float)
    parser.add_argument("--epochs")
    args = parser.parse_args()
    print(f"loss={args.x};", flush=True)
    here = os.path.dirname(os.path.abspath(__file__))
    open(os.path.join(here, "begun"), "w").close()
    while not os.path.exists(os.path.join(here, "go")):
        time.sleep(0.02)
"""


def wait_for(condition):
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")


@pytest.fixture
def program(script, run_program, tmp_path):
    """A process that runs PROGRAM; its first trial has begun."""
    script(WAITING)
    process = run_program(PROGRAM)
    try:
        wait_for((tmp_path / "begun").exists)
        wait_for(lambda: HyperparameterTuner.attach("long").latest_tuning_job.job.view().trials[0].reports)
        yield process
    finally:
        process.kill()
        process.communicate()


def first_summary(name):
    return HyperparameterTuner.attach(name).analytics().training_job_summaries()[0]


def test_attach_goes_on_with_a_job_whose_process_was_killed(program, tmp_path, capsys):
    tuner = HyperparameterTuner.attach("long")
    assert tuner.describe()["HyperParameterTuningJobStatus"] == "InProgress"
    summary = tuner.analytics().training_job_summaries()[0]
    assert (summary["TrainingJobStatus"], summary["ObjectiveStatus"]) == ("InProgress", "Pending")
    tried = tuner.analytics().rows()[0]["x"]
    program.kill()
    program.wait()
    answer = tuner.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Stopped" and "wait()" in answer["FailureReason"]
    assert first_summary("long")["TrainingJobStatus"] == "Stopped"

    (tmp_path / "go").write_text("")
    again = HyperparameterTuner.attach("long")
    assert again.estimator.hyperparameters() == {"epochs": "2"}
    assert type(again.estimator).__name__ == "PyTorch"
    assert (again.strategy, again.objective_type, again.max_jobs) == ("Random", "Minimize", 4)
    assert again.hyperparameter_ranges() == tuner.hyperparameter_ranges()
    again.wait()
    answer = again.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Completed" and "FailureReason" not in answer
    rows = again.analytics().rows()
    assert [row["TrainingJobStatus"] for row in rows] == ["Completed"] * 4
    assert rows[0]["x"] == tried
    assert again.best_estimator().hyperparameters()["x"] == str(min(row["x"] for row in rows))
    assert capsys.readouterr().out.lstrip(".") == "!\n"
    again.wait()  # nothing is left to do


def test_fit_with_the_name_of_a_job_goes_on_with_it(quadratic, caplog):
    quadratic(max_jobs=2, random_seed=1).fit(job_name="more")
    assert caplog.text == ""
    caplog.set_level(logging.INFO, "tunesmith.sagemaker")
    tuner = quadratic(max_jobs=5, random_seed=1)
    tuner.fit(job_name="more")
    best = tuner.analytics().rows()[int(tuner.best_training_job()[-4:])]["FinalObjectiveValue"]
    assert [message.split(":")[1] for message in caplog.messages] == [f" trial {n} completed" for n in (2, 3, 4)]
    assert f"best {best:g}" in caplog.messages[-1]
    assert tuner.describe()["TrainingJobStatusCounters"]["Completed"] == 5
    other = quadratic({"y": ContinuousParameter(0, 1)}, max_jobs=5)
    with pytest.raises(tunesmith.Error) as raised:
        other.fit(job_name="more")
    assert raised.value.code == "study_mismatch"
    assert HyperparameterTuner.attach("more").max_jobs == 5


def test_waiting_for_another_process_then_stopping_it(program):
    tuner = HyperparameterTuner.attach("long")
    stopper = threading.Timer(0.5, tuner.stop_tuning_job)
    stopper.start()
    Session().wait_for_tuning_job("long", poll=0.05)
    stopper.join()
    answer = tuner.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Stopped" and "FailureReason" not in answer
    assert answer["TrainingJobStatusCounters"]["Stopped"] == 1
    assert "was stopped" in program.communicate(timeout=30)[1]
    assert program.returncode == 0


def test_stop_tuning_job_of_this_process(quadratic, caplog):
    tuner = quadratic(hyperparameters={"sleep": 60}, max_parallel_jobs=2, max_jobs=3)
    tuner.fit(wait=False)
    wait_for(lambda: tuner.describe()["TrainingJobStatusCounters"]["InProgress"] > 0)
    tuner.stop_tuning_job()
    assert tuner.describe()["HyperParameterTuningJobStatus"] in ("Stopping", "Stopped")
    tuner.wait()
    assert "was stopped" in caplog.text
    answer = tuner.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Stopped"
    assert answer["TrainingJobStatusCounters"]["InProgress"] == 0
    tuner.stop_tuning_job()  # again: nothing happens
    assert tuner.describe()["HyperParameterTuningJobStatus"] == "Stopped"


def test_fit_goes_on_with_a_stopped_job(quadratic):
    tuner = quadratic(hyperparameters={"sleep": 60})
    tuner.fit(wait=False, job_name="paused")
    wait_for(lambda: tuner.describe()["TrainingJobStatusCounters"]["InProgress"] > 0)
    tuner.stop_tuning_job()
    tuner.wait()
    with pytest.raises(tunesmith.Error) as raised:
        quadratic(hyperparameters={"sleep": 0}).fit(job_name="paused")  # another value of a hyperparameter
    assert raised.value.code == "study_mismatch"
    assert tuner.describe()["HyperParameterTuningJobStatus"] == "Stopped"
    again = quadratic(hyperparameters={"sleep": 60}, max_jobs=1)
    again.fit(wait=False, job_name="paused")
    wait_for(lambda: again.describe()["TrainingJobStatusCounters"]["InProgress"] > 0)
    again.stop_tuning_job()
    again.wait()


def test_a_job_that_runs_here_is_not_begun_again(quadratic):
    tuner = quadratic(hyperparameters={"sleep": 60})
    tuner.fit(wait=False, job_name="here")
    same = HyperparameterTuner.attach("here")
    assert same.latest_tuning_job.job is tuner.latest_tuning_job.job
    with pytest.raises(tunesmith.Error) as raised:
        quadratic(hyperparameters={"sleep": 60}).fit(job_name="here")
    assert raised.value.code == "store_busy"
    assert HyperparameterTuner.attach("here").latest_tuning_job.job is tuner.latest_tuning_job.job
    assert tuner.describe()["HyperParameterTuningJobStatus"] == "InProgress"
    same.stop_tuning_job()
    tuner.wait()


def test_ctrl_c_leaves_a_job_that_can_be_gone_on_with(program, tmp_path):
    began = time.monotonic()
    program.send_signal(signal.SIGINT)
    words = program.communicate(timeout=60)[1]
    assert time.monotonic() - began < 20
    assert program.returncode == -signal.SIGINT and words.rstrip().endswith("KeyboardInterrupt")
    assert "running trials get SIGTERM" in words
    answer = Session().describe_tuning_job("long")
    assert answer["HyperParameterTuningJobStatus"] == "Stopped" and "interrupted" in answer["FailureReason"]
    assert answer["TrainingJobStatusCounters"]["InProgress"] == 0

    (tmp_path / "go").write_text("")
    answer = Session().wait_for_tuning_job("long", poll=0.05)
    assert answer["TrainingJobStatusCounters"]["Completed"] == 4


def test_ctrl_c_in_this_process(script, tmp_path):
    metrics = [{"Name": "loss", "Regex": "loss=(.*?);"}]
    ranges = {"x": ContinuousParameter(0, 1)}
    tuner = HyperparameterTuner(PyTorch(script(WAITING)), "loss", ranges, metrics, strategy="Random", max_jobs=2)
    threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        tuner.fit()
    answer = tuner.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Stopped" and "wait()" in answer["FailureReason"]
    (tmp_path / "go").write_text("")
    tuner.wait()
    assert tuner.describe()["TrainingJobStatusCounters"]["Completed"] == 2


def test_a_job_that_the_command_ran_to_its_end(quadratic):
    tuner = quadratic(max_jobs=2)
    tuner.fit()
    (tuner.latest_tuning_job.job.own_folder / "ended.json").unlink()  # which the command does not write
    answer = tuner.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Completed"
    assert answer["CreationTime"] < answer["HyperParameterTuningEndTime"] == answer["LastModifiedTime"]
    tuner.wait()
    assert len(tuner.analytics().rows()) == 2


def test_what_ends_the_thread_of_a_job_is_told(quadratic, monkeypatch):
    tuner = quadratic(max_jobs=1)

    def full(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr("tunesmith.sagemaker._job.LocalJob._record", full)
    tuner.fit(wait=False)
    wait_for(lambda: tuner.describe()["HyperParameterTuningJobStatus"] != "InProgress")
    monkeypatch.undo()
    (tuner.latest_tuning_job.job.own_folder / "study.db").unlink()  # nor is it known that the budget is spent
    answer = tuner.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Failed" and "disk is full" in answer["FailureReason"]
    with pytest.raises(OSError, match="disk is full"):
        tuner.wait()
    tuner.wait()
    assert tuner.describe()["HyperParameterTuningJobStatus"] == "Completed"


def test_stopping_a_job_that_nobody_runs(quadratic):
    tuner = quadratic(hyperparameters={"sleep": 60})
    tuner.fit(wait=False, job_name="idle")
    tuner.latest_tuning_job.job.cancel()
    wait_for(lambda: tuner.describe()["HyperParameterTuningJobStatus"] == "Stopped")
    assert "wait()" in tuner.describe()["FailureReason"]
    HyperparameterTuner.attach("idle").stop_tuning_job()
    HyperparameterTuner.attach("idle").wait()
    answer = Session().describe_tuning_job("idle")
    assert answer["HyperParameterTuningJobStatus"] == "Stopped" and "FailureReason" not in answer
