"""The stubs, as type checkers read them: the package's own and what the examples do with it, all in strict mode."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import pytest
import tunesmith

PACKAGE = pathlib.Path(tunesmith.__file__).parent
EXAMPLES = pathlib.Path(__file__).parents[3] / "examples" / "python"
# What reads data without types (numpy) is no example of types.
CHECKED = sorted(
    path for path in [*EXAMPLES.glob("*.py"), *EXAMPLES.glob("dynamic/*.py")] if "import numpy" not in path.read_text()
)
STUBS = sorted(PACKAGE.rglob("*.pyi"))


def test_mypy_strict(tmp_path):
    pytest.importorskip("mypy", reason="mypy is not installed")
    command = [sys.executable, "-m", "mypy", "--strict", "--scripts-are-modules", "--python-version", "3.10"]
    ended = subprocess.run(
        [*command, "--cache-dir", tmp_path / "cache", *CHECKED],
        capture_output=True,
        text=True,
        env={**os.environ, "MYPYPATH": str(PACKAGE.parent)},
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_pyright_strict(tmp_path):
    pyright = shutil.which("pyright", path=os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]]))
    if pyright is None:
        pytest.skip("pyright is not installed")
    settings = {
        "include": [os.path.relpath(path, tmp_path) for path in [*CHECKED, *STUBS]],
        "extraPaths": [str(PACKAGE.parent)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings))
    ended = subprocess.run([pyright, "--project", tmp_path], capture_output=True, text=True)
    assert "Ignoring" not in ended.stdout and "No source files" not in ended.stdout
    assert ended.returncode == 0, ended.stdout + ended.stderr
