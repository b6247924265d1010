"""Every example prints what its .output file says."""

import os
import pathlib
import subprocess
import sys

import pytest
import tunesmith

EXAMPLES = pathlib.Path(__file__).parents[3] / "examples" / "python"
# Where the examples run is not where the tests do.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(pathlib.Path(tunesmith.__file__).parents[1])}
TWINS = sorted(EXAMPLES.glob("*.py"))
SCRIPTS = [*TWINS, *sorted(EXAMPLES.glob("dynamic/*.py"))]


def python_with(*modules):
    for python in (sys.executable, "/usr/bin/python3"):
        command = [python, "-c", "import " + ", ".join(("tunesmith", *modules))]
        if not pathlib.Path(python).exists():
            continue
        if subprocess.run(command, capture_output=True, env=ENVIRONMENT).returncode == 0:
            return python
    pytest.skip(f"no Python has {', '.join(modules)}")


def test_the_twins_of_cpp():
    assert [script.stem for script in TWINS] == [path.stem for path in sorted(EXAMPLES.parent.glob("*.cpp"))]
    assert [script.stem for script in TWINS] == [path.stem for path in sorted(EXAMPLES.glob("*.output"))]


@pytest.mark.parametrize("script", [pytest.param(script, id=script.stem) for script in SCRIPTS])
def test_an_example_prints_what_it_should(script, tmp_path):
    python = python_with("numpy") if "import numpy" in script.read_text() else sys.executable
    ended = subprocess.run(
        [python, script], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=100
    )
    assert ended.stderr == ""
    assert ended.stdout == script.with_suffix(".output").read_text()
    assert ended.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["01_minimal", "02_ask_tell", "10_service"])
def test_the_same_program_prints_the_same(name):
    assert (EXAMPLES / f"{name}.output").read_text() == (EXAMPLES.parent / f"{name}.output").read_text()
