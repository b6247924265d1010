#!/usr/bin/env python3
"""Checks what the compiler does not: the table of modules in docs/architecture.md against the #include lines, and the
house rules that a text search can judge. Prints one line per violation; exits 1 when there are any.

Usage: check_structure.py [ROOT]
"""

import dataclasses
import functools
import pathlib
import re
import sys

CODE = {".cpp", ".hpp", ".py", ".sh", ".cmake"}
FOLDERS = ["include", "src", "bindings", "examples", "tests", "bench", "scripts", "cmake"]
MAX_LINES = 400

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
STANDARD = re.compile(r"[a-z_]+(_\d+)?$")
SYSTEM = re.compile(r"((sys|linux)/)?[a-z0-9]+\.h$")

# (pattern, where it holds, why not). Judged without comments and string literals.
EVERYWHERE, LIBRARY, PYTHON = "everywhere", "library", "python"
BANNED = [
    (r"(?<![\w.>])system\s*\(", EVERYWHERE, "system(): a shell may read the arguments otherwise"),
    (r"\bpopen\s*\(", EVERYWHERE, "popen(): a shell may read the arguments otherwise"),
    (r"\bstd::(w|c|s)?regex|#\s*include\s*<regex>", EVERYWHERE, "std::regex: unbounded recursion; RE2 reads patterns"),
    (r"\bstd::\w+_distribution\b|\bboost::random::\w+_distribution\b", EVERYWHERE,
     "a distribution that differs between platforms; use RandomStream"),
    (r"\bstd::(cout|cerr|clog)\b|(?<![\w.>])(f|v|vf)?printf\s*\(|(?<![\w.>])f?puts\s*\(", LIBRARY, "the library never prints"),
    (r"(?<![\w.>])(abort|exit|terminate)\s*\(", LIBRARY, "the library never ends its host"),
    (r"(?<![\w.>])(secure_)?getenv\s*\(", LIBRARY, "the library reads no environment variable"),
    (r"\bimport\s+pickle\b|\bfrom\s+pickle\b|\bpickle\.", PYTHON, "pickle: runs code of whoever wrote the file"),
    (r"(?<![\w.])(eval|exec)\s*\(", PYTHON, "eval: runs code of whoever wrote the text"),
]

# The one module that looks at the environment: scripts inherit it, with the programs and GPUs that it names.
PASSES_ENVIRONMENT_ON = "executor"

# Ray Tune's searchers save their state by pickle, and it alone reads it back; tests read what they made themselves.
PICKLES = re.compile(r"bindings/python/(tests/.*|tunesmith/_ray_search\.py)")


@dataclasses.dataclass
class Module:
    row: int
    headers: list
    third_party: list


def read_modules(architecture):
    """The table of docs/architecture.md: `| row | module | public headers | third-party headers | ...`."""
    modules = {}
    for line in architecture.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) >= 4 and cells[0].isdigit():
            name, = re.findall(r"`([^`]+)`", cells[1])
            modules[name] = Module(int(cells[0]), re.findall(r"`([^`]+)`", cells[2]), re.findall(r"`([^`]+)`", cells[3]))
    return modules


def without_comments_and_strings(text, python):
    """Blanks them out and keeps the lines, so that positions still tell line numbers."""
    if python:
        pattern = r'"""(?:\\.|[^\\])*?"""' r"|'''(?:\\.|[^\\])*?'''" r'|"(?:\\.|[^"\\\n])*"' r"|'(?:\\.|[^'\\\n])*'|#[^\n]*"
    else:
        # A digit before ' is a separator inside a number, not the start of a character.
        pattern = r'R"\((?:.|\n)*?\)"' r'|//[^\n]*|/\*(?:.|\n)*?\*/|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])' r"'(?:\\.|[^'\\\n])+'"
    return re.sub(pattern, lambda match: re.sub(r"[^\n]", " ", match.group()), text)


@functools.lru_cache(maxsize=None)
def find_banned(text, python, library, passes_environment_on, pickles):
    bare = without_comments_and_strings(text, python)
    library = library and not re.search(r"^int main\(", bare, re.MULTILINE)  # a program of its own
    found = []
    for pattern, where, why in BANNED:
        if where == PYTHON and not python or where == LIBRARY and not library:
            continue
        if "getenv" in pattern and passes_environment_on or "pickle" in pattern and pickles:
            continue
        found += [(bare.count("\n", 0, match.start()) + 1, why) for match in re.finditer(pattern, bare)]
    return found


class Checker:
    def __init__(self, root):
        self.root = root
        self.modules = read_modules((root / "docs/architecture.md").read_text())
        self.third_party = {prefix for module in self.modules.values() for prefix in module.third_party}
        self.module_of_header = {header: name for name, module in self.modules.items() for header in module.headers}
        self.violations = []

    def complain(self, path, line, words):
        where = path.relative_to(self.root).as_posix() if path.is_absolute() else str(path)
        self.violations.append(f"{where}:{line}: {words}" if line else f"{where}: {words}")

    def files(self):
        for folder in FOLDERS:
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and (path.suffix in CODE or path.name == "CMakeLists.txt"):
                    yield path

    def run(self):
        self.check_table()
        for path in self.files():
            text = path.read_text(encoding="utf-8")
            lines = text.count("\n")
            if lines > MAX_LINES:
                self.complain(path, 0, f"{lines} lines; the cap is {MAX_LINES}: split it by meaning")
            if path.suffix in {".cpp", ".hpp"}:
                self.check_includes(path, text)
            if path.suffix in {".cpp", ".hpp", ".py"}:
                self.check_banned(path, text)
        self.check_umbrella()
        return self.violations

    def check_table(self):
        table = pathlib.Path("docs/architecture.md")
        folders = {path.name for path in (self.root / "src").iterdir() if path.is_dir()}
        if (self.root / "bindings/python").is_dir():
            folders.add("bindings/python")
        for name in sorted(folders - set(self.modules)):
            self.complain(table, 0, f"module {name} is not in the table")
        for name in sorted(set(self.modules) - folders):
            self.complain(table, 0, f"module {name} of the table does not exist")
        folder = self.root / "include/tunesmith"
        public = {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.hpp")} - {"tunesmith"}
        for name in sorted(public - set(self.module_of_header)):
            self.complain(table, 0, f"public header {name}.hpp is not in the table")
        for name in sorted(set(self.module_of_header) - public):
            self.complain(table, 0, f"public header {name}.hpp of the table does not exist")

    def module_of_file(self, path):
        parts = path.relative_to(self.root).parts
        if parts[0] == "src":
            return parts[1]
        if parts[:2] == ("bindings", "python"):
            return "bindings/python"
        if parts[:2] == ("include", "tunesmith"):
            return self.module_of_header.get("/".join(parts[2:]).removesuffix(".hpp"))
        return None

    def check_includes(self, path, text):
        public = path.is_relative_to(self.root / "include")
        module = self.module_of_file(path)
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start(2)) + 1
            bracket, name = match.groups()
            if public and not (name.startswith("tunesmith/") or bracket == "<" and STANDARD.match(name)):
                self.complain(path, line, f"a public header includes {name}: neither ours nor the standard library's")
            elif module in self.modules:
                self.check_include(path, line, module, bracket, name)

    def check_include(self, path, line, module, bracket, name):
        mine = self.modules[module]
        prefix = next((p for p in self.third_party if name.startswith(p)), None)
        if prefix or bracket == "<" and not STANDARD.match(name) and not SYSTEM.match(name):
            if prefix not in mine.third_party:
                self.complain(path, line, f"{name} is not among the third-party headers of module {module}")
            elif prefix == "nlohmann/" and path.stem != "json":
                self.complain(path, line, f"{name} is wrapped by core/json.hpp")
            return
        if bracket == "<":
            return
        if name == "tunesmith/tunesmith.hpp":
            self.complain(path, line, "the umbrella header hides what is used")
            return
        if name.startswith("tunesmith/"):
            other = self.module_of_header.get(name.removeprefix("tunesmith/").removesuffix(".hpp"))
        else:
            other = name.split("/")[0] if "/" in name else None
        if other is None:
            if (path.parent / name).exists():
                return
            self.complain(path, line, f"{name} belongs to no module")
        elif other != module and (other not in self.modules or self.modules[other].row >= mine.row):
            row = f"row {self.modules[other].row}" if other in self.modules else "no row"
            self.complain(path, line, f"module {module} (row {mine.row}) includes {name} of {other} ({row})")

    def check_banned(self, path, text):
        module = self.module_of_file(path)
        library = module is not None and module not in ("cli", "bindings/python")
        pickles = PICKLES.fullmatch(path.relative_to(self.root).as_posix()) is not None
        for line, why in find_banned(text, path.suffix == ".py", library, module == PASSES_ENVIRONMENT_ON, pickles):
            self.complain(path, line, why)

    def check_umbrella(self):
        """Headers for tests (testing/) are for who asks for them."""
        folder = self.root / "include/tunesmith"
        umbrella = folder / "tunesmith.hpp"
        text = umbrella.read_text() if umbrella.exists() else ""
        included = {name.removeprefix("tunesmith/") for _, name in INCLUDE.findall(text)}
        for path in sorted(folder.glob("*.hpp")):
            if path != umbrella and path.name not in included:
                self.complain(umbrella, 0, f"does not include {path.name}")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2]).resolve()
    violations = Checker(root).run()
    print("\n".join(violations) if violations else "the structure is as docs/architecture.md says")
    sys.exit(1 if violations else 0)


if __name__ == "__main__":
    main()
