"""Every public name of tunesmith.sagemaker is documented, with an example that runs."""

import doctest
import importlib
import inspect
import pkgutil

import pytest
import tunesmith.sagemaker

MODULES = [
    importlib.import_module(f"tunesmith.sagemaker.{module.name}")
    for module in pkgutil.iter_modules(tunesmith.sagemaker.__path__)
    if not module.name.startswith("_")
]


def documented():
    found = {}
    for module in [tunesmith.sagemaker, *MODULES]:
        for name in getattr(module, "__all__", vars(module)):
            item = getattr(module, name)
            if name.startswith("_") or not getattr(item, "__module__", "").startswith("tunesmith.sagemaker"):
                continue
            found[item.__qualname__] = item
            for member, value in vars(item).items() if inspect.isclass(item) else ():
                if not member.startswith("_") and callable(getattr(item, member)) and not isinstance(value, str):
                    found[f"{item.__qualname__}.{member}"] = getattr(item, member)
    return found


@pytest.mark.filterwarnings("ignore::tunesmith.sagemaker.IgnoredArgumentsWarning")
@pytest.mark.parametrize("name, item", [pytest.param(*pair, id=pair[0]) for pair in documented().items()])
def test_examples_in_docstrings_run(name, item, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tunesmith.sagemaker.tuner, "_POLL", 100.0)  # no dots
    assert len(item.__doc__) > 15, f"{name} has no words"
    test = doctest.DocTestParser().get_doctest(item.__doc__, {}, name, None, 0)
    assert test.examples or "." in name or name == "TuningJob", f"{name} has no example"
    report = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.append)
    assert report == [], "".join(report)
    assert list(tmp_path.iterdir()) == []


def test_names_are_documented():
    assert {"HyperparameterTuner", "HyperparameterTuner.fit", "ContinuousParameter", "Session"} <= set(documented())


def test_importing_takes_no_third_party_module():
    import subprocess
    import sys

    code = "import sys; before = set(sys.modules); import tunesmith.sagemaker; print(*set(sys.modules) - before)"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    new = {name.split(".")[0] for name in output.split()}
    assert new <= set(sys.stdlib_module_names) | {"tunesmith", "_tunesmith"}, new


def test_modules_are_where_the_sdk_has_them():
    assert tunesmith.sagemaker.sklearn.SKLearn is tunesmith.sagemaker.sklearn.estimator.SKLearn
    with pytest.raises(AttributeError, match="no attribute 'keras'"):
        tunesmith.sagemaker.keras  # noqa: B018
