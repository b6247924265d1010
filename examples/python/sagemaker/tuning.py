"""A SageMaker tuning program on this machine: its import lines say tunesmith.sagemaker, the rest is as it was."""

import json
import os
import random
import tempfile

import tunesmith.sagemaker as sagemaker
from tunesmith.sagemaker.pytorch import PyTorch
from tunesmith.sagemaker.tuner import CategoricalParameter, ContinuousParameter, HyperparameterTuner

workspace = tempfile.TemporaryDirectory()  # so that the example leaves nothing where it is run
os.chdir(workspace.name)
os.mkdir("data")
noise = random.Random(0)
points = [(x, 3 * x - 1 + noise.gauss(0, 0.1)) for x in (noise.uniform(-1, 1) for _ in range(800))]
with open("data/points.json", "w") as file:
    json.dump(points, file)

sagemaker_session = sagemaker.Session()
bucket = sagemaker_session.default_bucket()
inputs = sagemaker_session.upload_data(path="data", bucket=bucket, key_prefix="demo/points")

estimator = PyTorch(
    entry_point="train.py",
    source_dir=os.path.dirname(os.path.abspath(__file__)),
    role=sagemaker.get_execution_role(),
    framework_version="2.1",
    py_version="py310",
    instance_count=1,
    instance_type="ml.c5.2xlarge",
    hyperparameters={"epochs": 10},
)
tuner = HyperparameterTuner(
    estimator,
    "average test loss",
    {"lr": ContinuousParameter(0.001, 0.1), "batch-size": CategoricalParameter([32, 64, 128, 256, 512])},
    [{"Name": "average test loss", "Regex": "Test set: Average loss: ([0-9\\.]+)"}],
    max_jobs=9,
    max_parallel_jobs=3,
    objective_type="Minimize",
    strategy="Random",
    random_seed=1,
)
tuner.fit({"training": inputs})

answer = tuner.describe()
print(answer["HyperParameterTuningJobStatus"], answer["TrainingJobStatusCounters"]["Completed"], "trials")
best = tuner.best_estimator()
print("best:", best.hyperparameters())
print("loss:", answer["BestTrainingJob"]["FinalHyperParameterTuningJobObjectiveMetric"]["Value"])
with open(os.path.join(best.model_data, "model.json")) as file:
    print("model:", {name: round(value, 2) for name, value in json.load(file).items()})
for row in sorted(tuner.analytics().rows(), key=lambda row: row["FinalObjectiveValue"])[:3]:
    print(f"{row['FinalObjectiveValue']:.4f}  lr={row['lr']:.4f}  batch-size={row['batch-size']}")
