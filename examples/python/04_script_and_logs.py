"""A training script as it is: arguments in, metrics read from what it prints."""

import pathlib
import sys
import tempfile

import tunesmith

SCRIPT = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float)
parser.add_argument("--units", type=int)
parser.add_argument("--epochs", type=int)
args = parser.parse_args()
for epoch in range(1, args.epochs + 1):
    loss = abs(args.lr - 0.1) + 1 / (args.units * epoch)
    print(f"Epoch {epoch}: validation loss = {loss:.4f}", flush=True)
"""

space = tunesmith.Space().add_float("lr", 0.001, 1, scale="log").add_int("units", 8, 64, step=8)
study = tunesmith.Study(
    "script",
    space,
    metric="loss",
    metrics=[{"name": "loss", "regex": "validation loss = ([0-9.]+)"}],
    resource_regex=r"Epoch (\d+)",
    final="best",
    seed=3,
)
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "train.py").write_text(SCRIPT)
    executor = tunesmith.subprocess_executor(
        [sys.executable, "train.py"],
        pathlib.Path(folder, "trials"),
        base_folder=folder,
        static_parameters={"epochs": "3"},
    )
    result = tunesmith.Tuner(study, executor, max_trials=8).run()
    log = pathlib.Path(folder, "trials", "trial-0000")
    print("the first trial left", *sorted(path.name for path in log.iterdir()))

print(result.explanation)
print("its reports:", [(level, metrics["loss"]) for level, metrics in result.view.trials[0].reports])
