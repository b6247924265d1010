"""Scripts and jobs for the tests of tunesmith.sagemaker."""

import os
import pathlib
import subprocess
import sys
import textwrap

import pytest
import tunesmith

# Prints as SageMaker's PyTorch MNIST example does, and trains nothing.
MNIST = """
    import argparse, json, os

    parser = argparse.ArgumentParser()
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--test-batch-size", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--backend", type=str, default=None)
    parser.add_argument("--hosts", type=list, default=json.loads(os.environ["SM_HOSTS"]))
    parser.add_argument("--current-host", type=str, default=os.environ["SM_CURRENT_HOST"])
    parser.add_argument("--model-dir", type=str, default=os.environ["SM_MODEL_DIR"])
    parser.add_argument("--data-dir", type=str, default=os.environ["SM_CHANNEL_TRAINING"])
    parser.add_argument("--num-gpus", type=int, default=os.environ["SM_NUM_GPUS"])
    args = parser.parse_args()
    assert os.path.exists(os.path.join(args.data_dir, "images"))
    for epoch in range(1, args.epochs + 1):
        loss = 0.1 + abs(args.lr - 0.02) + args.batch_size / 10000 + 1 / epoch
        print(f"Test set: Average loss: {loss:.4f}, Accuracy: 9000/10000 (90%)\\n")
    with open(os.path.join(args.model_dir, "model.pth"), "w") as file:
        file.write(f"lr={args.lr} backend={args.backend}")
"""


@pytest.fixture
def run_program():
    """Starts a Python program that finds tunesmith wherever it runs: run_program(text) returns its process."""
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(tunesmith.__file__).parents[1])}

    def start(program):
        command = [sys.executable, "-c", textwrap.dedent(program)]
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return start


@pytest.fixture
def script(tmp_path, monkeypatch):
    """Writes a script into the current folder, which is an empty one: script(text) returns its name."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="train.py"):
        (tmp_path / name).write_text(textwrap.dedent(text))
        return name

    return write


@pytest.fixture
def mnist_script(script):
    """The name of a file with that script."""
    return script(MNIST, "mnist.py")


# A quadratic in x with its least value at 0.3; a second value a tenth of a second later.
QUADRATIC = """
    import argparse, time

    parser = argparse.ArgumentParser()
    parser.add_argument("-x", type=float)
    parser.add_argument("--sleep", type=float, default=0)
    parser.add_argument("--kind", default="a")
    args = parser.parse_args()
    print(f"loss={(args.x - 0.3) ** 2:.6f};", flush=True)
    time.sleep(args.sleep)
"""
LOSS = [{"Name": "loss", "Regex": "loss=(.*?);"}]


@pytest.fixture
def quadratic(script):
    """Makes a tuner of a quadratic: quadratic(max_jobs=3, hyperparameters={"sleep": 1})."""
    from tunesmith.sagemaker.pytorch import PyTorch
    from tunesmith.sagemaker.tuner import ContinuousParameter, HyperparameterTuner

    entry_point = script(QUADRATIC)

    def make(ranges=None, hyperparameters=None, **options):
        options = {"strategy": "Random", "objective_type": "Minimize", "max_jobs": 4, **options}
        estimator = PyTorch(entry_point=entry_point, hyperparameters=hyperparameters)
        return HyperparameterTuner(estimator, "loss", ranges or {"x": ContinuousParameter(0, 1)}, LOSS, **options)

    return make
