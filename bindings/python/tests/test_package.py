import ast
import doctest
import inspect
import pathlib
import re
import subprocess
import sys

import pytest
import tunesmith
import tunesmith.testing

PACKAGE = pathlib.Path(tunesmith.__file__).parent


def documented():
    """Every public function, class and method with its full name."""
    for module in (tunesmith, tunesmith.testing):
        for name in module.__all__:
            item = getattr(module, name)
            if name.startswith("__"):
                continue
            yield name, item
            if inspect.isclass(item):
                for member, value in vars(item).items():
                    if not member.startswith("_") and (callable(value) or isinstance(value, staticmethod)):
                        yield f"{name}.{member}", getattr(item, member)


@pytest.mark.parametrize("name, item", [pytest.param(*pair, id=pair[0]) for pair in documented()])
def test_examples_in_docstrings_run(name, item):
    test = doctest.DocTestParser().get_doctest(item.__doc__, {}, name, None, 0)
    # A method of a contract is shown by the example of its class.
    assert test.examples or "." in name, f"{name} has no example"
    assert len(item.__doc__.split("\n", 2)[-1]) > 20, f"{name} has no words"
    report = []
    doctest.DocTestRunner().run(test, out=report.append)
    assert report == [], "".join(report)


@pytest.mark.parametrize("module", [tunesmith, tunesmith.testing])
def test_the_modules_examples_run(module):
    test = doctest.DocTestParser().get_doctest(module.__doc__, {}, module.__name__, None, 0)
    results = doctest.DocTestRunner().run(test)
    assert results.attempted > 0 and results.failed == 0


@pytest.mark.parametrize("module, file", [(tunesmith, "__init__.pyi"), (tunesmith.testing, "testing.pyi")])
def test_the_stub_names_what_there_is(module, file):
    tree = ast.parse((PACKAGE / file).read_text())
    stub = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            functions = {f.name for f in node.body if isinstance(f, ast.FunctionDef)}
            variables = {f.target.id for f in node.body if isinstance(f, ast.AnnAssign)}
            stub[node.name] = {member for member in functions | variables if member[0] != "_"}
        elif isinstance(node, ast.FunctionDef):
            stub[node.name] = set()
    real = {}
    for name in module.__all__:
        item = getattr(module, name)
        if item is tunesmith.Error:
            real[name] = {"code", "mistakes"}  # of instances
        elif inspect.isclass(item):
            real[name] = {member for member in vars(item) if not member.startswith("_")}
        elif callable(item):
            real[name] = set()
    assert stub == real


def stub_arguments(file):
    """Names of the arguments by function, "Class.method" and "Class.__init__"."""
    found = {}
    for node in ast.parse((PACKAGE / file).read_text()).body:
        for function in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(function, ast.FunctionDef):
                name = f"{node.name}.{function.name}" if isinstance(node, ast.ClassDef) else function.name
                found[name] = [argument.arg for argument in function.args.args + function.args.kwonlyargs]
    return found


def real_arguments(function):
    """From the first line of pybind11's docstring, which is the signature; None where it is no function of its."""
    head = (function.__doc__ or "").split("\n")[0]
    if not re.match(r"\w+\(.*\) -> ", head):
        return None
    return re.findall(r"[(,] ?(\w+): ", re.sub(r" = ('[^']*'|\{\}|\[\]|\(\))", "", head))


@pytest.mark.parametrize("module, file", [(tunesmith, "__init__.pyi"), (tunesmith.testing, "testing.pyi")])
def test_the_stub_names_the_arguments(module, file):
    real = {}
    for name in module.__all__:
        item = getattr(module, name)
        if inspect.isclass(item):
            members = ["__init__", *(member for member in vars(item) if member[0] != "_")]
            real.update({f"{name}.{member}": real_arguments(getattr(item, member)) for member in members})
        elif callable(item):
            real[name] = real_arguments(item)
    real = {name: arguments for name, arguments in real.items() if arguments is not None}
    stub = stub_arguments(file)
    assert {name: stub.get(name) for name in real} == real
    assert len(real) > (80 if module is tunesmith else 6)


def test_the_package_is_typed():
    assert (PACKAGE / "py.typed").exists()


def test_importing_takes_no_third_party_module():
    code = "import sys; before = set(sys.modules); import tunesmith; print(*sorted(set(sys.modules) - before))"
    output = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    new = {name for name in output.split() if not name.startswith("tunesmith")}
    assert new <= set(sys.stdlib_module_names) | {""}, new


def test_classes_show_under_their_public_name():
    assert tunesmith.Space.__module__ == tunesmith.Study.__module__ == "tunesmith"
    assert repr(tunesmith.Error) == "<class 'tunesmith.Error'>"
