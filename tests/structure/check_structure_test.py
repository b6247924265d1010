#!/usr/bin/env python3
"""Seeds one violation at a time into a copy of the tree: the checker must name it, and nothing else that is new."""

import pathlib
import shutil
import sys
import tempfile

from check_structure import FOLDERS, Checker

ROOT = pathlib.Path(__file__).parents[2]

# (file, text that is appended, words that the new violation must contain)
SEEDS = [
    ("src/core/error.cpp", '#include "tunesmith/space.hpp"\n', "module core (row 0) includes tunesmith/space.hpp of space"),
    ("src/space/seed.cpp", '#include "trial/events.hpp"\n', "module space (row 1) includes trial/events.hpp of trial"),
    ("src/space/seed.cpp", '#include "surrogate/kernel.hpp"\n', "module space (row 1) includes surrogate/kernel.hpp"),
    ("src/store/seed.cpp", '#include "tunesmith/search.hpp"\n', "module store (row 3) includes tunesmith/search.hpp"),
    ("src/space/seed.cpp", "#include <Eigen/Dense>\n", "Eigen/Dense is not among the third-party headers of module space"),
    ("src/space/seed.cpp", "#include <fmt/format.h>\n", "fmt/format.h is not among the third-party headers"),
    ("src/core/seed.cpp", "#include <nlohmann/json.hpp>\n", "is wrapped by core/json.hpp"),
    ("src/study/seed.cpp", '#include "tunesmith/tunesmith.hpp"\n', "the umbrella header hides"),
    ("src/study/seed.cpp", '#include "stray.hpp"\n', "stray.hpp belongs to no module"),
    ("src/unknown/seed.cpp", "", "module unknown is not in the table"),
    ("include/tunesmith/space.hpp", "#include <re2/re2.h>\n", "a public header includes re2/re2.h"),
    ("include/tunesmith/space.hpp", "#include <unistd.h>\n", "a public header includes unistd.h"),
    ("include/tunesmith/space.hpp", '#include "core/json.hpp"\n', "a public header includes core/json.hpp"),
    ("src/space/seed.cpp", "//\n" * 401, "401 lines; the cap is 400"),
    ("tests/unit/space/seed_test.py", "#\n" * 401, "401 lines; the cap is 400"),
    ("src/space/seed.cpp", "int a = std::system(command);\n", "src/space/seed.cpp:1: system()"),
    ("src/cli/seed.cpp", "\nauto f = popen (c, mode);\n", "src/cli/seed.cpp:2: popen()"),
    ("src/space/seed.cpp", "std::regex r;\n", "std::regex"),
    ("src/space/seed.cpp", "std::normal_distribution<double> n;\n", "a distribution that differs"),
    ("src/space/seed.cpp", "void f() { std::cout << 1; }\n", "the library never prints"),
    ("src/space/seed.cpp", 'void f() { std::fprintf(stderr, "x"); }\n', "the library never prints"),
    ("include/tunesmith/space.hpp", "inline void f() { std::abort(); }\n", "the library never ends its host"),
    ("src/space/seed.cpp", "auto home = std::getenv(name);\n", "the library reads no environment variable"),
    ("bindings/python/seed.py", "import pickle\n", "pickle"),
    ("bindings/python/seed.py", "eval(text)\n", "eval"),
]

# What looks like a violation and is none.
HARMLESS = [
    ("src/space/seed.cpp", '// std::cout << 1; system("x")\nconst char* s = "printf(";\n'),
    ("src/space/seed.cpp", "auto t = system_clock(); char b[9]; auto n = snprintf(b, 9, f); model.exit(1); _exit(0);\n"),
    ("src/space/seed.cpp", "auto million = 1'000'000; char quote = '\"'; auto text = R\"(std::cerr)\";\n"),
    ("src/study/seed.cpp", '#include <sys/wait.h>\n#include <vector>\n\n#include "space/seed.hpp"\n#include "study/own.hpp"\n'),
    ("src/cli/seed.cpp", "void f() { std::cout << std::getenv(name); }\n"),
    ("src/executor/seed.cpp", "int main() { std::fputs(usage, stderr); }\n"),
    ("src/space/seed.cpp", "//\n" * 400),
    ("bindings/python/tests/seed.py", "import pickle\n"),
    ("bindings/python/seed.py", 'model.eval()\nwords = "eval(x)"  # pickle.loads\n'),
]


def violations_with(tree, file, text):
    path = tree / file
    before = path.read_text() if path.exists() else None
    made = [parent for parent in path.parents if not parent.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((before or "") + text)
    found = Checker(tree).run()
    if before is None:
        path.unlink()
    else:
        path.write_text(before)
    for parent in made:
        parent.rmdir()
    return found


def main():
    mistakes = []
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        for name in [*FOLDERS, "docs"]:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "build*"))
        known = set(Checker(tree).run())
        for file, text, words in SEEDS:
            new = [violation for violation in violations_with(tree, file, text) if violation not in known]
            if len(new) != 1 or words not in new[0]:
                mistakes.append(f"seeded {text[:60]!r} in {file}: expected one violation with {words!r}, found {new}")
        for file, text in HARMLESS:
            new = [violation for violation in violations_with(tree, file, text) if violation not in known]
            if new:
                mistakes.append(f"harmless {text[:60]!r} in {file}: found {new}")
        # A header that the umbrella forgets, and one that the table forgets.
        new = set(violations_with(tree, "include/tunesmith/seed.hpp", "#pragma once\n")) - known
        if new != {"docs/architecture.md: public header seed.hpp is not in the table",
                   "include/tunesmith/tunesmith.hpp: does not include seed.hpp"}:
            mistakes.append(f"a forgotten header: found {sorted(new)}")
    print("\n".join(mistakes) if mistakes else f"{len(SEEDS) + 1} seeded violations found, {len(HARMLESS)} harmless texts passed")
    sys.exit(1 if mistakes else 0)


if __name__ == "__main__":
    main()
