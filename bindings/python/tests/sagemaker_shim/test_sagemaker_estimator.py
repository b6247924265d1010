"""One training by an estimator: what its script finds, and what is left of it."""

import json
import os
import pathlib
import sys
import threading
import time

import pytest
import tunesmith
from tunesmith.sagemaker import (
    HyperparameterTuningJobAnalytics,
    IgnoredArgumentsWarning,
    LocalSession,
    Session,
    TrainingInput,
    s3_input,
)
from tunesmith.sagemaker.estimator import Estimator
from tunesmith.sagemaker.exceptions import UnexpectedStatusException
from tunesmith.sagemaker.huggingface import HuggingFace
from tunesmith.sagemaker.mxnet import MXNet
from tunesmith.sagemaker.pytorch import PyTorch
from tunesmith.sagemaker.sklearn import SKLearn
from tunesmith.sagemaker.tensorflow import TensorFlow
from tunesmith.sagemaker.tuner import HyperparameterTuner
from tunesmith.sagemaker.xgboost import XGBoost

# Writes what it finds into its model's folder.
LOOK = """
    import json, os, sys

    print("accuracy: 0.75")
    found = {"arguments": sys.argv[1:], "environment": dict(os.environ), "python": sys.executable}
    with open(os.path.join(os.environ["SM_MODEL_DIR"], "found.json"), "w") as file:
        json.dump(found, file)
"""


def found_by(estimator):
    return json.loads((pathlib.Path(estimator.model_data) / "found.json").read_text())


def test_a_training_is_run_as_in_script_mode(script, tmp_path, capsys):
    (tmp_path / "code").mkdir()
    script(LOOK, "code/look.py")
    (tmp_path / "data").mkdir()
    (tmp_path / "one.csv").write_text("1,2")
    estimator = Estimator(
        entry_point="look.py",
        source_dir="code",
        hyperparameters={"lr": 0.1, "act": "relu", "flag": True},
        environment={"OWN": "value"},
        metric_definitions=[{"Name": "accuracy", "Regex": "accuracy: ([0-9.]+)"}],
        container_log_level=10,
    )
    with pytest.raises(ValueError, match="fit"):
        estimator.model_data  # noqa: B018
    estimator.fit({"train": "data", "val": f"file://{tmp_path}/data", "one": TrainingInput("one.csv")})
    assert capsys.readouterr().out == "accuracy: 0.75\n"
    found = found_by(estimator)
    assert found["arguments"] == ["--act", "relu", "--flag", "True", "--lr", "0.1"]
    assert found["python"] == sys.executable
    environment = found["environment"]
    assert environment["SM_CHANNEL_TRAIN"] == environment["SM_CHANNEL_VAL"] == str(tmp_path / "data")
    assert pathlib.Path(environment["SM_CHANNEL_ONE"], "one.csv").read_text() == "1,2"
    assert (environment["OWN"], environment["SM_LOG_LEVEL"]) == ("value", "10")
    assert environment["SM_MODULE_DIR"] == str(tmp_path / "code")
    assert environment["SM_MODEL_DIR"] == estimator.model_data

    answer = estimator.latest_training_job.describe()
    assert answer["TrainingJobStatus"] == answer["SecondaryStatus"] == "Completed"
    assert answer["FinalMetricDataList"] == [{"MetricName": "accuracy", "Value": 0.75}]
    assert answer["StoppingCondition"] == {"MaxRuntimeInSeconds": 86400}
    assert answer["ModelArtifacts"] == {"S3ModelArtifacts": estimator.model_data}
    assert answer["HyperParameters"].pop("sagemaker_job_name") == json.dumps(answer["TrainingJobName"])
    assert answer["HyperParameters"] == {"lr": "0.1", "act": '"relu"', "flag": "true"}
    assert answer["TrainingStartTime"] <= answer["TrainingEndTime"]
    assert [row["value"] for row in estimator.training_job_analytics.rows()] == [0.75]
    again = Session().describe_training_job(estimator.latest_training_job.name)
    assert again["TrainingJobArn"].endswith(f":training-job/{answer['TrainingJobName']}")


def test_attaching_to_a_training_job(script):
    estimator = PyTorch(entry_point=script(LOOK), hyperparameters={"lr": 0.1, "act": "relu"}, environment={"A": "b"})
    estimator.fit(logs="None")
    again = PyTorch.attach(estimator.latest_training_job.name)
    assert again.model_data == estimator.model_data
    assert again.hyperparameters() == estimator.hyperparameters()
    again.fit(logs=False)
    assert again.model_data != estimator.model_data
    assert found_by(again)["arguments"] == found_by(estimator)["arguments"]
    assert found_by(again)["environment"]["A"] == "b"
    with pytest.raises(ValueError, match="no training job"):
        PyTorch.attach("absent")


def test_attaching_to_a_trial_of_a_tuning_job(quadratic):
    tuner = quadratic(max_jobs=2)
    tuner.fit(job_name="tuned")
    trial = PyTorch.attach("tuned-trial-0001")
    summary = tuner.analytics().training_job_summaries()[1]
    assert trial.hyperparameters() == summary["TunedHyperParameters"]
    assert trial.model_data == tuner.best_estimator(summary).model_data
    with pytest.raises(ValueError, match="belongs to a tuning job"):
        trial.latest_training_job.stop()
    with pytest.raises(ValueError, match="no training job"):
        PyTorch.attach("tuned-trial-0007")


def test_a_script_that_fails(script):
    estimator = Estimator(entry_point=script("raise SystemExit('no data')"))
    with pytest.raises(UnexpectedStatusException, match="no data"):
        estimator.fit(logs=False)
    assert estimator.latest_training_job.describe()["TrainingJobStatus"] == "Failed"


def test_a_name_is_trained_once(script):
    name = script("import os, time\nif not os.path.exists(os.environ['SM_MODEL_DIR'] + '/../../go'): time.sleep(60)")
    estimator = Estimator(entry_point=name)
    estimator.fit(job_name="once", wait=False)
    job = estimator.latest_training_job
    for _ in range(1000):
        if job.describe()["SecondaryStatus"] == "Training":
            break
        time.sleep(0.01)
    estimator._trained[0].cancel()  # as Ctrl-C does
    for _ in range(1000):
        if job.describe()["TrainingJobStatus"] == "Stopped":
            break
        time.sleep(0.01)
    (pathlib.Path(estimator.model_data).parents[1] / "go").write_text("")
    estimator.fit(job_name="once", logs=False)
    assert estimator.latest_training_job.describe()["TrainingJobStatus"] == "Completed"
    for look in (Session().describe_tuning_job, HyperparameterTuner.attach, HyperparameterTuningJobAnalytics):
        with pytest.raises(ValueError, match='"once" is no tuning job'):
            look("once")
    with pytest.raises(tunesmith.Error, match='job_name: "once" has been trained already'):
        estimator.fit(job_name="once")
    assert pathlib.Path(estimator.model_data).is_dir()


def test_every_mistake_is_told_at_once(script, tmp_path):
    estimator = Estimator(
        dependencies=["absent"],
        metric_definitions=[{"Name": "loss", "Regex": "loss=("}],
        max_run=-1,
    )
    with pytest.raises(tunesmith.Error) as raised:
        estimator.fit({"train": s3_input("s3://bucket/train")}, job_name="a/b")
    assert [mistake.path for mistake in raised.value.mistakes] == [
        "entry_point",
        'inputs["train"]',
        "dependencies[0]",
        "job_name",
        'metric_definitions[0]["regex"]',
        "the estimator's max_run",
    ]
    assert "built-in algorithms do not run here" in str(raised.value)
    assert not (tmp_path / "tuning-jobs").exists()
    for source_dir, words in (("s3://bucket/code.tar.gz", "in S3"), ("nowhere", "is no folder")):
        with pytest.raises(tunesmith.Error, match=words):
            PyTorch("train.py", source_dir=source_dir).fit()


def test_without_waiting(script, tmp_path):
    estimator = Estimator(entry_point=script("import time\nwhile True: time.sleep(0.1)"))
    estimator.fit(wait=False)
    job = estimator.latest_training_job
    for _ in range(500):
        if job.describe()["SecondaryStatus"] == "Training" and "TrainingStartTime" in job.describe():
            break
        time.sleep(0.01)
    threading.Timer(0.1, job.stop).start()
    job.wait()
    assert job.describe()["TrainingJobStatus"] == "Stopped"


def test_shell_scripts_and_programs(script, tmp_path, capsys):
    script('echo "sh $@ $SM_USER_ENTRY_POINT"', "train.sh")
    Estimator(entry_point="train.sh", hyperparameters={"epochs": 2}).fit()
    program = script("#!/bin/sh\necho program $@\n", "program")
    os.chmod(tmp_path / program, 0o755)
    Estimator(entry_point="program", hyperparameters={"epochs": 2}).fit()
    assert capsys.readouterr().out == "sh --epochs 2 train.sh\nprogram --epochs 2\n"


def test_dependencies_and_a_model_to_go_on_from(script, tmp_path):
    (tmp_path / "libraries" / "own").mkdir(parents=True)
    (tmp_path / "libraries" / "own" / "__init__.py").write_text("word = 'imported'")
    (tmp_path / "old").mkdir()
    name = script("import own, os; print(own.word, os.environ['SM_CHANNEL_MODEL'])")
    estimator = Estimator(entry_point=name, dependencies=["libraries/own"], model_uri="old")
    estimator.fit(logs=False)
    log = pathlib.Path(estimator.model_data).parent / "attempt-1.log"
    assert log.read_text().splitlines()[0] == f"imported {tmp_path / 'old'}"


def test_jobs_lie_where_the_output_path_or_the_session_says(script, tmp_path):
    name = script("")
    for options, folder in (
        ({"output_path": f"file://{tmp_path}/out"}, tmp_path / "out"),
        ({"output_path": "s3://bucket/out", "sagemaker_session": LocalSession(folder="mine")}, tmp_path / "mine"),
        ({}, tmp_path / "tuning-jobs"),
    ):
        estimator = Estimator(entry_point=name, **options)
        estimator.fit(job_name="train")
        assert pathlib.Path(estimator.model_data) == folder / "train.tunesmith" / "trials" / "trial-0000" / "model"


def test_frameworks_take_the_sdks_arguments(script):
    name = script(LOOK)
    common = {"hyperparameters": {"epochs": 1}, "role": "r", "instance_type": "local"}
    with pytest.warns(IgnoredArgumentsWarning) as told:
        estimators = [
            Estimator("image", "r", 1, "ml.m5.large", entry_point=name, hyperparameters={"epochs": 1}),
            PyTorch(name, "2.0", "py310", **common),
            TensorFlow("py310", "2.12", entry_point=name, model_dir=False, **common),
            SKLearn(name, "1.2-1", **common),
            XGBoost(name, "1.7-1", **common),
            MXNet(name, "1.9", "py38", **common),
            HuggingFace("py310", name, transformers_version="4.28", pytorch_version="2.0", **common),
        ]
    assert len(told) == len(estimators)
    assert "model_dir" not in str(told[2].message) and "py_version" not in str(told[3].message)
    for estimator in estimators:
        assert estimator.hyperparameters() == {"epochs": "1"}
        assert estimator.role == "r"
    estimators[0].set_hyperparameters(lr=0.5)
    assert estimators[0].hyperparameters() == {"epochs": "1", "lr": "0.5"}
    assert (estimators[0].instance_count, estimators[0].max_wait) == (1, None)
    with pytest.raises(AttributeError):
        estimators[0].nothing  # noqa: B018
