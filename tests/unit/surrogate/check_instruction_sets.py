#!/usr/bin/env python3
"""Two object files compiled for different instruction sets must share no function: the linker would keep either, and a
processor without the better set would meet it. Prints each name that does not carry its own set's; exits 1 then.

Usage: check_instruction_sets.py OBJECT...   (those named numerics_<set>.* are read)
"""

import pathlib
import re
import subprocess
import sys

# A pointer to the C++ runtime's own routine, the same everywhere.
HARMLESS = {"DW.ref.__gxx_personality_v0"}


def main(objects):
    read = 0
    wrong = []
    for path in map(pathlib.Path, objects):
        name = re.match(r"numerics_([a-z0-9]+)\.", path.name)
        if name is None:
            continue
        read += 1
        listing = subprocess.run(["nm", "-g", "--defined-only", str(path)], check=True, capture_output=True, text=True).stdout
        symbols = {line.split()[-1] for line in listing.splitlines() if line}
        own = (f"Eigen_{name[1]}", f"numerics_{name[1]}")
        wrong += [f"{path.name}: {symbol}" for symbol in sorted(symbols - HARMLESS) if not any(o in symbol for o in own)]
    print("\n".join(wrong) if wrong else f"{read} objects share no name")
    return 1 if wrong or read == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
