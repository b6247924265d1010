#!/usr/bin/env python3
"""A real script under Hyperband: epochs are counted in the logs of its trials.

    hyperband_test.py path/to/tunesmith path/to/examples/fashion_mnist
"""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from command import SKIPPED, run_tests

EXAMPLE = Path(sys.argv[2])
DATA = Path("/usr/share/datasets/fashion-mnist")
EPOCHS = 9


def python_with_numpy():
    """This one or another; None where there is none."""
    for python in (sys.executable, "python3", "/usr/bin/python3"):
        found = shutil.which(python)
        if found and subprocess.run([found, "-c", "import numpy"], capture_output=True).returncode == 0:
            return found
    return None


def epochs_of(log):
    return [int(epoch) for epoch in re.findall(r"^Epoch (\d+): trained", log, re.MULTILINE)]


def no_epoch_is_lost_or_repeated(command):
    for name in ("hyperband.json", "train.py"):
        shutil.copy(EXAMPLE / name, command.folder)
    command("run", "hyperband.json", "--command", "'%s' train.py" % PYTHON)
    trials = json.loads(command("trials", "hyperband.json", "--format", "json"))
    assert len(trials) == 17, len(trials)
    lengths = Counter()
    for trial in trials:
        folder = next(command.folder.glob("*.tunesmith/trials/trial-%04d" % trial["trial"]))
        logs = [path.read_text() for path in sorted(folder.glob("attempt-*.log"))]
        # Each attempt went on where the one before it ended, from its checkpoint.
        epochs = [epochs_of(log) for log in logs]
        assert all(epochs) and sum(epochs, []) == list(range(1, epochs[-1][-1] + 1)), (trial["trial"], epochs)
        for earlier, log in zip(epochs, logs[1:]):
            assert "Epoch %d: resumed from" % earlier[-1] in log, log
        lengths[epochs[-1][-1]] += 1
        assert trial["state"] == ("completed" if epochs[-1][-1] == EPOCHS else "stopped"), trial
    # Brackets of 9, 5 and 3 trials: 9 to epoch 1, 3 to 3, 1 to 9; 5 to 3, 1 to 9; 3 to 9.
    assert lengths == {1: 6, 3: 2 + 4, 9: 1 + 1 + 3}, lengths


PYTHON = python_with_numpy()
if PYTHON is None or not DATA.exists():
    print("skipped: " + ("no numpy" if PYTHON is None else "no %s" % DATA))
    sys.exit(SKIPPED)
run_tests([no_epoch_is_lost_or_repeated])
