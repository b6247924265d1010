"""SageMaker's PyTorch MNIST tuning notebook, with its import lines changed and a script that trains nothing."""

import pathlib
import warnings

import pytest


@pytest.fixture
def tuned(mnist_script, tmp_path, capsys):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "images").write_text("")
    warnings.simplefilter("ignore")

    # The notebook, up to "changed".
    import tunesmith.sagemaker as sagemaker
    from tunesmith.sagemaker.pytorch import PyTorch
    from tunesmith.sagemaker.tuner import (
        CategoricalParameter,
        ContinuousParameter,
        HyperparameterTuner,
    )

    sagemaker_session = sagemaker.Session()
    bucket = sagemaker_session.default_bucket()
    prefix = "sagemaker/DEMO-pytorch-mnist"
    role = sagemaker.get_execution_role()
    inputs = sagemaker_session.upload_data(path="data", bucket=bucket, key_prefix=prefix)
    estimator = PyTorch(
        entry_point="mnist.py",
        role=role,
        py_version="py3",
        framework_version="1.8.0",
        instance_count=1,
        instance_type="ml.c5.2xlarge",
        hyperparameters={"epochs": 1, "backend": "gloo"},
    )
    hyperparameter_ranges = {
        "lr": ContinuousParameter(0.001, 0.1),
        "batch-size": CategoricalParameter([32, 64, 128, 256, 512]),
    }
    objective_metric_name = "average test loss"
    objective_type = "Minimize"
    metric_definitions = [{"Name": "average test loss", "Regex": "Test set: Average loss: ([0-9\\.]+)"}]
    tuner = HyperparameterTuner(
        estimator,
        objective_metric_name,
        hyperparameter_ranges,
        metric_definitions,
        max_jobs=9,
        max_parallel_jobs=3,
        objective_type=objective_type,
    )
    tuner.fit({"training": inputs})
    # changed: predictor = tuner.deploy(initial_instance_count=1, instance_type="ml.m4.xlarge")
    assert capsys.readouterr().out.endswith("!\n")
    return tuner


def test_the_notebook_runs(tuned):
    answer = tuned.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Completed"
    assert answer["TrainingJobStatusCounters"]["Completed"] == 9
    assert answer["ObjectiveStatusCounters"] == {"Succeeded": 9, "Pending": 0, "Failed": 0}
    assert answer["HyperParameterTuningJobName"].startswith("pytorch-training-")
    best = answer["BestTrainingJob"]
    assert best["TrainingJobName"] == tuned.best_training_job()
    losses = [row["FinalObjectiveValue"] for row in tuned.analytics().rows()]
    metric = best["FinalHyperParameterTuningJobObjectiveMetric"]
    assert metric == {"Type": "Minimize", "MetricName": "average test loss", "Value": min(losses)}
    assert len(set(losses)) > 3


def test_the_best_estimator_has_the_models_and_the_values(tuned):
    best = tuned.best_estimator()
    assert type(best).__name__ == "PyTorch"
    values = tuned.describe()["BestTrainingJob"]["TunedHyperParameters"]
    assert best.hyperparameters() == {"epochs": "1", "backend": '"gloo"', **values}
    assert values["batch-size"] in ['"32"', '"64"', '"128"', '"256"', '"512"']
    model = pathlib.Path(best.model_data) / "model.pth"
    assert model.read_text() == f"lr={values['lr']} backend=gloo"
    with pytest.raises(NotImplementedError, match="model"):
        tuned.deploy(initial_instance_count=1, instance_type="ml.m4.xlarge")


def test_a_dataframe_of_the_trials(tuned):
    pandas = pytest.importorskip("pandas")
    frame = tuned.analytics().dataframe()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns[:3]) == ["lr", "batch-size", "TrainingJobName"] and len(frame) == 9
