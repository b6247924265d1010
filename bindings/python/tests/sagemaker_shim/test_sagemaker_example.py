"""The example prints what its .output file says, and one notice."""

import os
import pathlib
import subprocess
import sys

import tunesmith

EXAMPLE = pathlib.Path(__file__).parents[4] / "examples" / "python" / "sagemaker" / "tuning.py"


def test_the_example_prints_what_it_should(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(tunesmith.__file__).parents[1])}
    ended = subprocess.run(
        [sys.executable, EXAMPLE], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=100
    )
    # A dot for each five seconds.
    assert ended.stdout.lstrip(".") == EXAMPLE.with_suffix(".output").read_text()
    assert ended.stderr.count("Warning") == 1 and "role, instance_count, instance_type" in ended.stderr
    assert ended.returncode == 0
    assert list(tmp_path.iterdir()) == []
