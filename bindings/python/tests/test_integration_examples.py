"""The examples with other libraries print what their .output files say, where the libraries are installed."""

import faulthandler
import importlib.util
import os
import pathlib
import re
import subprocess
import sys

import pytest
import tunesmith

EXAMPLES = pathlib.Path(__file__).parents[3] / "examples" / "python" / "integrations"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(pathlib.Path(tunesmith.__file__).parents[1]),
    # Ray's workers are nice to the rest of the machine, and on a busy one would be minutes late.
    "RAY_worker_niceness": "0",
}
SCRIPTS = sorted(EXAMPLES.glob("*.py"))
LIBRARIES = ("distributed", "matplotlib", "ray", "scipy", "sklearn", "xgboost")
SECONDS = 300


def test_each_has_its_output():
    assert [script.stem for script in SCRIPTS] == [path.stem for path in sorted(EXAMPLES.glob("*.output"))]
    assert len(SCRIPTS) == 7


@pytest.mark.parametrize("script", [pytest.param(script, id=script.stem) for script in SCRIPTS])
def test_an_example_prints_what_it_should(script, tmp_path):
    imported = set(re.findall(r"^(?:import|from) (\w+)", script.read_text(), re.MULTILINE))
    missing = sorted(name for name in imported.intersection(LIBRARIES) if importlib.util.find_spec(name) is None)
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    # Ray takes a while to start, and longer on a busy machine.
    faulthandler.dump_traceback_later(SECONDS + 20, exit=True)
    ended = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=SECONDS
    )
    assert ended.returncode == 0, ended.stderr
    expected = script.with_suffix(".output").read_text()
    if "ray" in imported:  # which has things of its own to say
        assert ended.stdout.endswith(expected)
    else:
        assert ended.stdout == expected
