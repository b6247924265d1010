"""What an estimator runs: its script, its data, its environment, and every mistake in them."""

from __future__ import annotations

import os
import pathlib
import sys
from collections.abc import Mapping
from typing import Any

from ._mistakes import Mistake
from .inputs import TrainingInput, local_path


def script_path(entry_point: str | None, source_dir: str | None, mistakes: list[Mistake]) -> pathlib.Path | None:
    """The script's file; None where there is none."""
    if not entry_point:
        mistakes.append(
            Mistake("entry_point", "is missing: images and built-in algorithms do not run here", "a script's file")
        )
        return None
    for name, value in (("entry_point", entry_point), ("source_dir", source_dir)):
        if value and value.startswith("s3://"):
            mistakes.append(_elsewhere(name, value, "./source"))
            return None
    folder = pathlib.Path(local_path(source_dir)) if source_dir else pathlib.Path()
    if source_dir and not folder.is_dir():
        mistakes.append(Mistake("source_dir", f'"{source_dir}" is no folder', "the folder that entry_point lies in"))
        return None
    path = (folder / local_path(entry_point)).absolute()
    if not path.is_file():
        mistakes.append(Mistake("entry_point", f'"{path}" does not exist', "a file, of source_dir where that is given"))
        return None
    if path.suffix not in (".py", ".sh") and not os.access(path, os.X_OK):
        mistakes.append(Mistake("entry_point", f'"{path}" cannot be run', "a .py or .sh file, or a program"))
        return None
    return path


def command(path: pathlib.Path) -> list[str]:
    """How the script is run: Python scripts by the Python that runs this program."""
    if path.suffix == ".py":
        return [sys.executable, str(path)]
    return ["/bin/sh", str(path)] if path.suffix == ".sh" else [str(path)]


def environment(
    given: Mapping[str, str] | None,
    dependencies: list[str] | None,
    path: pathlib.Path | None,
    log_level: int,
    mistakes: list[Mistake],
) -> dict[str, str]:
    """The estimator's own variables, and what its other arguments make of the script's environment."""
    variables: dict[str, str] = {}
    if path is not None and path.suffix != ".py":
        variables.update(SM_USER_ENTRY_POINT=path.name, SM_MODULE_NAME=path.stem, SM_MODULE_DIR=str(path.parent))
    if log_level != 20:
        variables["SM_LOG_LEVEL"] = str(log_level)
    folders: list[str] = []
    for place, one in enumerate(dependencies or []):
        folder = pathlib.Path(local_path(one)).absolute()
        if folder.exists():
            folders.append(str(folder.parent))
        else:
            mistakes.append(Mistake(f"dependencies[{place}]", f'"{one}" does not exist', "a folder or file"))
    if folders:
        inherited = os.environ.get("PYTHONPATH")
        variables["PYTHONPATH"] = os.pathsep.join([*dict.fromkeys(folders), *([inherited] if inherited else [])])
    variables.update(given or {})
    return variables


def channels(inputs: Any, folder: pathlib.Path, mistakes: list[Mistake]) -> dict[str, str]:
    """Folder by channel name. A lone file becomes a folder with a link to it, in `folder`."""
    if inputs is None:
        return {}
    named: Mapping[str, Any] = inputs if isinstance(inputs, Mapping) else {"training": inputs}
    found: dict[str, str] = {}
    for name, data in named.items():
        where = f'inputs["{name}"]' if isinstance(inputs, Mapping) else "inputs"
        uri = data.uri if isinstance(data, TrainingInput) else data
        if isinstance(uri, os.PathLike):
            uri = os.fspath(uri)
        if not isinstance(uri, str):
            mistakes.append(Mistake(where, f"is a {type(data).__name__}", "a path, file://…, or TrainingInput of one"))
        elif uri.startswith("s3://"):
            mistakes.append(_elsewhere(where, uri, f"data/{name}"))
        elif "://" in uri and not uri.startswith("file://"):
            mistakes.append(Mistake(where, f'"{uri}" is not on this machine', "a path or file://…"))
        else:
            path = pathlib.Path(local_path(uri)).absolute()
            if not path.exists():
                mistakes.append(Mistake(where, f'"{path}" does not exist', "a folder or file"))
            elif path.is_dir():
                found[str(name)] = str(path)
            else:
                found[str(name)] = str(folder / str(name))
                _link(folder / str(name), path)
    return found


def _link(folder: pathlib.Path, file: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / file.name
    link.unlink(missing_ok=True)
    link.symlink_to(file)


def _elsewhere(where: str, uri: str, folder: str) -> Mistake:
    return Mistake(
        where,
        f'"{uri}" is in S3, not on this machine',
        f'a local folder: fetch it once with `aws s3 cp --recursive "{uri}" {folder}` and give "{folder}"',
    )
