"""What becomes of a tuner's arguments, and what it says of its job."""

import csv
import datetime
import json
import sys

import pytest
import tunesmith
from tunesmith.sagemaker import HyperparameterTuningJobAnalytics, IgnoredArgumentsWarning, Session, TrainingJobAnalytics
from tunesmith.sagemaker.exceptions import UnexpectedStatusException
from tunesmith.sagemaker.pytorch import PyTorch
from tunesmith.sagemaker.tuner import (
    CategoricalParameter,
    ContinuousParameter,
    HyperbandStrategyConfig,
    HyperparameterTuner,
    InstanceConfig,
    IntegerParameter,
    StrategyConfig,
    TuningJobCompletionCriteriaConfig,
    WarmStartConfig,
    WarmStartTypes,
    create_identical_dataset_and_algorithm_tuner,
)

# Members of DescribeHyperParameterTuningJob's answer and of HyperParameterTrainingJobSummary, and the required ones.
ANSWER = set(
    """HyperParameterTuningJobName HyperParameterTuningJobArn HyperParameterTuningJobConfig TrainingJobDefinition
    TrainingJobDefinitions HyperParameterTuningJobStatus CreationTime HyperParameterTuningEndTime LastModifiedTime
    TrainingJobStatusCounters ObjectiveStatusCounters BestTrainingJob OverallBestTrainingJob WarmStartConfig Autotune
    FailureReason TuningJobCompletionDetails ConsumedResources""".split()
)
NEEDED = set(
    """HyperParameterTuningJobName HyperParameterTuningJobArn HyperParameterTuningJobConfig
    HyperParameterTuningJobStatus CreationTime TrainingJobStatusCounters ObjectiveStatusCounters""".split()
)
SUMMARY = set(
    """TrainingJobDefinitionName TrainingJobName TrainingJobArn TuningJobName CreationTime TrainingStartTime
    TrainingEndTime TrainingJobStatus TunedHyperParameters FailureReason
    FinalHyperParameterTuningJobObjectiveMetric ObjectiveStatus""".split()
)
NEEDED_SUMMARY = {
    "TrainingJobName",
    "TrainingJobArn",
    "CreationTime",
    "TrainingJobStatus",
    "TunedHyperParameters",
}


def test_describe_has_the_services_shape(quadratic):
    before = datetime.datetime.now(datetime.timezone.utc)
    tuner = quadratic(tags=[{"Key": "team", "Value": "vision"}], estimator_name="net", random_seed=5)
    tuner.fit(job_name="shape")
    answer = tuner.describe()
    assert NEEDED <= set(answer) <= ANSWER
    assert answer["HyperParameterTuningJobName"] == "shape"
    config = answer["HyperParameterTuningJobConfig"]
    assert config["ResourceLimits"] == {"MaxParallelTrainingJobs": 1, "MaxNumberOfTrainingJobs": 4}
    assert (config["Strategy"], config["RandomSeed"]) == ("Random", 5)
    assert before <= answer["CreationTime"] <= answer["HyperParameterTuningEndTime"]
    summaries = tuner.analytics().training_job_summaries()
    for summary in summaries:
        assert NEEDED_SUMMARY <= set(summary) <= SUMMARY
        assert summary["CreationTime"] <= summary["TrainingStartTime"] <= summary["TrainingEndTime"]
        assert (summary["TrainingJobStatus"], summary["ObjectiveStatus"]) == ("Completed", "Succeeded")
        assert set(summary["TunedHyperParameters"]) == {"x"}
        assert isinstance(summary["TunedHyperParameters"]["x"], str)
        assert summary["TrainingJobDefinitionName"] == "net"
    assert answer["BestTrainingJob"] in summaries
    assert [one["TrainingJobName"] for one in summaries] == [f"shape-trial-000{n}" for n in range(4)]


def test_the_definition_tells_where_things_are_here(quadratic, tmp_path):
    (tmp_path / "data").mkdir()
    tuner = quadratic(max_jobs=1)
    tuner.fit({"train": "data"}, job_name="where")
    definition = tuner.describe()["TrainingJobDefinition"]
    assert definition["InputDataConfig"][0]["DataSource"]["S3DataSource"]["S3Uri"] == f"file://{tmp_path}/data"
    folder = tmp_path / "tuning-jobs" / "where.tunesmith" / "trials"
    assert definition["OutputDataConfig"] == {"S3OutputPath": f"file://{folder}"}
    assert (folder / "trial-0000").is_dir()


def test_the_request_is_a_job_file_of_the_core(quadratic, tmp_path):
    tuner = quadratic(random_seed=7)
    tuner.fit(job_name="file")
    job = tunesmith.load_job((tmp_path / "tuning-jobs" / "file.json").read_text())
    assert (job.name, job.budget.max_trials, job.problem.seed) == ("file", 4, 7)


def test_the_table_of_trials(quadratic, tmp_path):
    tuner = quadratic({"x": ContinuousParameter(0, 1), "kind": CategoricalParameter(["a", "b"])})
    tuner.fit(job_name="table")
    rows = HyperparameterTuningJobAnalytics("table").rows()
    assert list(rows[0]) == [
        "x",
        "kind",
        "TrainingJobName",
        "TrainingJobStatus",
        "FinalObjectiveValue",
        "TrainingStartTime",
        "TrainingEndTime",
        "TrainingElapsedTimeSeconds",
    ]
    for row in rows:
        assert row["FinalObjectiveValue"] == pytest.approx((row["x"] - 0.3) ** 2, abs=1e-6)
        assert row["kind"] in ('"a"', '"b"')
        assert 0 <= row["TrainingElapsedTimeSeconds"] < 60
    assert tuner.analytics().tuning_ranges["kind"]["Values"] == ['"a"', '"b"']
    tuner.analytics().export_csv(tmp_path / "t.csv")
    with open(tmp_path / "t.csv", newline="") as file:
        assert [row["TrainingJobName"] for row in csv.DictReader(file)] == [row["TrainingJobName"] for row in rows]


def test_the_curve_of_a_trial(script):
    name = script("for n in range(1, 4): print('epoch', n, 'acc=', n / 4, 'loss=', 1 / n, flush=True)")
    metrics = [{"Name": "loss", "Regex": "loss= (.*)"}, {"Name": "acc", "Regex": "acc= ([0-9.]+)"}]
    tuner = HyperparameterTuner(
        PyTorch(name), "loss", {"x": ContinuousParameter(0, 1)}, metrics, max_jobs=2, objective_type="Minimize"
    )
    tuner.fit()
    rows = TrainingJobAnalytics(tuner.best_training_job(), ["loss"]).rows()
    assert [row["metric_name"] for row in rows] == ["loss"] * 3
    assert [row["value"] for row in rows] == pytest.approx([1, 1 / 2, 1 / 3])
    assert 0 <= rows[0]["timestamp"] <= rows[1]["timestamp"] <= rows[2]["timestamp"]
    assert len(TrainingJobAnalytics(tuner.best_training_job()).rows()) == 6


def test_the_curve_as_a_dataframe(quadratic):
    pandas = pytest.importorskip("pandas")
    tuner = quadratic(max_jobs=1)
    tuner.fit()
    for metrics, rows in ((None, 1), (["other"], 0)):
        frame = TrainingJobAnalytics(tuner.best_training_job(), metrics).dataframe()
        assert isinstance(frame, pandas.DataFrame) and len(frame) == rows
        assert list(frame.columns) == ["timestamp", "metric_name", "value"]


def test_without_pandas_dataframe_says_what_to_do(quadratic, monkeypatch):
    tuner = quadratic(max_jobs=1)
    tuner.fit()
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match=r"tunesmith\[pandas\].*rows"):
        tuner.analytics().dataframe()


def test_every_mistake_is_told_at_once(script, tmp_path):
    script("")
    tuner = HyperparameterTuner(
        PyTorch(entry_point="absent.py", hyperparameters={"epochs": 3}),
        "accuracy",
        {
            "lr": ContinuousParameter(0.1, 0.001),
            "layers": IntegerParameter(0, 8, "Logarithmic"),
            "act": CategoricalParameter(["relu", "relu"]),
        },
        [{"Name": "loss", "Regex": "loss=("}],
        strategy="Bayes",
        max_jobs=0,
        early_stopping_type="On",
        max_parallel_jobs=2,
    )
    with pytest.raises(tunesmith.Error) as raised:
        tuner.fit({"train": "s3://bucket/train", "test": "nowhere", "more": 3})
    assert raised.value.code == "invalid_job"
    assert [mistake.path for mistake in raised.value.mistakes] == [
        "entry_point",
        'inputs["train"]',
        'inputs["test"]',
        'inputs["more"]',
        "strategy",
        "max_jobs",
        "early_stopping_type",
        'metric_definitions[0]["Regex"]',
        "objective_metric_name",
        'hyperparameter_ranges["lr"]["MinValue"]',
        'hyperparameter_ranges["layers"]["MinValue"]',
        'hyperparameter_ranges["act"]["Values"][1]',
    ]
    words = str(raised.value)
    assert all(str(mistake) in words for mistake in raised.value.mistakes)
    assert 'aws s3 cp --recursive "s3://bucket/train" data/train' in words
    assert not (tmp_path / "tuning-jobs").exists()


def test_several_estimators_are_refused_by_the_core(script, tmp_path):
    name = script("")
    ranges = {"x": ContinuousParameter(0, 1)}
    tuner = HyperparameterTuner.create(
        {"a": PyTorch(entry_point=name), "b": PyTorch(entry_point=name)},
        {"a": "loss", "b": "loss"},
        {"a": ranges, "b": ranges},
        {"a": [{"Name": "loss", "Regex": "l(.*)"}], "b": [{"Name": "loss", "Regex": "l(.*)"}]},
    )
    assert tuner.estimator is None and set(tuner.estimator_dict) == {"a", "b"}
    assert tuner.hyperparameter_ranges() is None and set(tuner.hyperparameter_ranges_dict()) == {"a", "b"}
    with pytest.raises(tunesmith.Error, match="several estimators: .*several training job definitions"):
        tuner.fit()
    with pytest.raises(ValueError, match="objective_metric_name_dict"):
        HyperparameterTuner.create({"a": PyTorch(entry_point=name)}, {"b": "loss"}, {"a": ranges})
    assert not (tmp_path / "tuning-jobs").exists()


def test_one_estimator_by_name_runs(quadratic):
    only = quadratic()
    tuner = HyperparameterTuner.create(
        {"net": only.estimator},
        {"net": "loss"},
        {"net": {"x": ContinuousParameter(0, 1)}},
        {"net": only.metric_definitions},
        strategy="Random",
        objective_type="Minimize",
        max_jobs=2,
    )
    tuner.fit()
    assert tuner.describe()["BestTrainingJob"]["TrainingJobDefinitionName"] == "net"
    assert (
        tuner.best_estimator().hyperparameters()["x"]
        == tuner.describe()["BestTrainingJob"]["TunedHyperParameters"]["x"]
    )


def test_autotune_is_refused_by_the_core(quadratic):
    with pytest.raises(tunesmith.Error, match="autotune: "):
        quadratic(hyperparameters={"sleep": 0}, autotune=True).fit()
    with pytest.raises(ValueError, match="keep_static"):
        quadratic(hyperparameters_to_keep_static=["sleep"])


def test_grid_needs_no_number_of_jobs(quadratic):
    tuner = quadratic({"x": CategoricalParameter([0.1, 0.2, 0.4])}, strategy="Grid", max_jobs=None)
    tuner.fit()
    assert sorted(row["x"] for row in tuner.analytics().rows()) == ['"0.1"', '"0.2"', '"0.4"']


def test_hyperband_and_completion_criteria_reach_the_core(quadratic):
    tuner = quadratic(
        strategy="Hyperband",
        strategy_config=StrategyConfig(HyperbandStrategyConfig(max_resource=3, min_resource=1)),
        completion_criteria_config=TuningJobCompletionCriteriaConfig(target_objective_metric_value=0.9),
    )
    tuner.fit()
    config = tuner.describe()["HyperParameterTuningJobConfig"]
    assert config["StrategyConfig"] == {"HyperbandStrategyConfig": {"MaxResource": 3, "MinResource": 1}}
    assert tuner.describe()["HyperParameterTuningJobStatus"] == "Completed"
    assert len(tuner.analytics().rows()) < 4  # the target is met by the first


def test_static_values_and_tuned_ones(script):
    name = script("import sys; print('score: 1'); print(sys.argv[1:])")
    tuner = HyperparameterTuner(
        PyTorch(entry_point=name, hyperparameters={"n": 1, "act": "relu", "on": True, "many": [1, 2]}),
        "score",
        {"n": IntegerParameter(5, 5), "c": CategoricalParameter(["x y", 7])},
        [{"Name": "score", "Regex": "score: (.*)"}],
    )
    tuner.fit(job_name="statics")
    best = tuner.best_estimator()
    log = tuner.latest_tuning_job.job.trial_folder(0) / "attempt-1.log"
    arguments = log.read_text().splitlines()[1]
    category = tuner.describe()["BestTrainingJob"]["TunedHyperParameters"]["c"]
    assert arguments == str(
        ["--act", "relu", "-c", json.loads(category), "--many", "[1, 2]", "-n", "5", "--on", "True"]
    )
    assert best.hyperparameters() == {"n": "5", "act": '"relu"', "on": "true", "many": "[1, 2]", "c": category}


def test_all_trials_fail(script):
    name = script("import sys; print('cannot go on'); sys.exit(3)")
    tuner = HyperparameterTuner(
        PyTorch(entry_point=name), "loss", {"x": ContinuousParameter(0, 1)}, [{"Name": "loss", "Regex": "l(.*)"}]
    )
    with pytest.raises(UnexpectedStatusException, match="cannot go on") as raised:
        tuner.fit()
    assert raised.value.actual_status == "Failed"
    answer = tuner.describe()
    assert answer["HyperParameterTuningJobStatus"] == "Failed" and "exit status 3" in answer["FailureReason"]
    assert answer["TrainingJobStatusCounters"]["NonRetryableError"] == 1
    assert answer["ObjectiveStatusCounters"]["Failed"] == 1
    with pytest.raises(ValueError, match="Best training job not available"):
        tuner.best_training_job()


def test_warm_starts(quadratic, tmp_path):
    parent = quadratic()
    parent.fit(job_name="parent")
    child = parent.identical_dataset_and_algorithm_tuner()
    child.strategy = "Bayesian"
    child.fit(job_name="child")
    view = tunesmith.read_study(f"sqlite:{tmp_path}/tuning-jobs/child.tunesmith/study.db", "child")
    best = parent.describe()["BestTrainingJob"]
    assert view.trials[0].params["x"] == float(best["TunedHyperParameters"]["x"])
    answer = child.describe()
    assert answer["WarmStartConfig"]["WarmStartType"] == "IdenticalDataAndAlgorithm"
    values = [
        one["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]
        for one in (best, answer["BestTrainingJob"], answer["OverallBestTrainingJob"])
    ]
    assert values[2] == min(values)

    grandchild = create_identical_dataset_and_algorithm_tuner("child", ["parent"])
    assert grandchild.warm_start_config.parents == {"child", "parent"}
    assert parent.transfer_learning_tuner({"other"}).warm_start_config.type is WarmStartTypes.TRANSFER_LEARNING
    missing = quadratic(warm_start_config=WarmStartConfig(WarmStartTypes.TRANSFER_LEARNING, {"absent"}))
    with pytest.raises(tunesmith.Error, match='warm_start_config.*no study "absent"'):
        missing.fit(job_name="orphan")
    assert not (tmp_path / "tuning-jobs" / "orphan.json").exists()


def test_names_of_jobs_are_not_used_twice(quadratic):
    tuner = quadratic(max_jobs=1, base_tuning_job_name="my_job")
    names = []
    for _ in range(2):
        tuner.fit()
        names.append(tuner.latest_tuning_job.name)
    assert len(set(names)) == 2
    assert all(name.startswith("my-job-") and len(name) <= 32 for name in names)
    with pytest.raises(tunesmith.Error, match="job_name: "):
        tuner.fit(job_name="../x")


def test_the_same_seed_tries_the_same(quadratic):
    tried = []
    for _ in range(2):
        tuner = quadratic(random_seed=3)
        tuner.fit()
        tried.append([row["x"] for row in tuner.analytics().rows()])
    assert tried[0] == tried[1]


def test_what_has_no_meaning_is_told_once(script):
    name = script("")
    with pytest.warns(IgnoredArgumentsWarning) as told:
        PyTorch(entry_point=name, role="r", instance_type="ml.c5.xlarge", instance_count=2, framework_version="1.8")
    assert len(told) == 1 and told[0].filename == __file__
    assert str(told[0].message).endswith("framework_version, role, instance_type, instance_count")
    with pytest.raises(TypeError, match="hyperparameters"):
        PyTorch(entry_point=name, hyper_parameters={})
    tuner = HyperparameterTuner(PyTorch(entry_point=name), "l", {"x": ContinuousParameter(0, 1)})
    with pytest.warns(IgnoredArgumentsWarning, match="override_resource_config"):
        tuner.override_resource_config([InstanceConfig(1, "ml.m5.large")])


def test_an_import_line_that_was_not_changed_is_told():
    with pytest.raises(TypeError) as raised:
        HyperparameterTuner(object(), "loss", {"a": 0.5, "b": ContinuousParameter(0, 1), "c": [1, 2]})
    assert str(raised.value) == (
        'estimator is of type object; hyperparameter_ranges["a"] is of type float; '
        'hyperparameter_ranges["c"] is of type list; '
        "take estimators and ranges from tunesmith.sagemaker"
    )


def test_nothing_is_asked_before_fit(quadratic):
    tuner = quadratic()
    for call in (tuner.describe, tuner.wait, tuner.stop_tuning_job, tuner.best_training_job, tuner.analytics):
        with pytest.raises(ValueError, match="fit"):
            call()
    with pytest.raises(ValueError, match="no job"):
        Session().describe_tuning_job("absent")


def test_a_program_ends_after_its_job(script, run_program):
    """fit(wait=False) at the end of a program."""
    script("import time; time.sleep(0.3); print('loss: 1')")
    program = """
        from tunesmith.sagemaker.pytorch import PyTorch
        from tunesmith.sagemaker.tuner import ContinuousParameter, HyperparameterTuner

        metrics = [{"Name": "loss", "Regex": "loss: (.*)"}]
        ranges = {"x": ContinuousParameter(0, 1)}
        tuner = HyperparameterTuner(PyTorch("train.py"), "loss", ranges, metrics, max_jobs=2)
        tuner.fit(wait=False, job_name="late")
        print(tuner.describe()["HyperParameterTuningJobStatus"])
    """
    process = run_program(program)
    assert process.communicate(timeout=60) == ("InProgress\n", "")
    assert process.returncode == 0
    assert Session().describe_tuning_job("late")["TrainingJobStatusCounters"]["Completed"] == 2
