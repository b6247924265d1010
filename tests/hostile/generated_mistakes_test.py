#!/usr/bin/env python3
"""Holds `tunesmith validate` to its promise: k seeded mistakes give exactly k paths.

    generated_mistakes_test.py path/to/tunesmith
"""

import collections
import concurrent.futures
import subprocess
import sys
import tempfile
from pathlib import Path

import amt_requests
import own_jobs
from mistakes import broken, combined, doubled_keys, dump, unknown_keys, wrong_types

TUNESMITH = sys.argv[1]


def named_paths(file, strict):
    command = [TUNESMITH, "validate", str(file)] + (["--strict-amt"] if strict else [])
    answer = subprocess.run(command, capture_output=True, text=True, errors="replace")
    lines = answer.stdout.splitlines() if answer.returncode == 2 else []
    if answer.returncode not in (0, 2):
        raise AssertionError("status %d: %s" % (answer.returncode, answer.stderr))
    return collections.Counter(line.split(": ")[0] for line in lines), lines


def cases():
    """(name, text, expected paths, strict)"""
    for base in (own_jobs.FULL, own_jobs.FRONT, own_jobs.GRID):
        kind = base["name"]
        yield kind, dump(base), set(), False
        single = [mistake for mistake in wrong_types(base, own_jobs.also_right) if own_jobs.is_fit(mistake)]
        single += [*unknown_keys(base), *doubled_keys(base), *own_jobs.missing(base), *own_jobs.by_hand(base)]
        yield from seeded(kind, base, single, False)
    for kind, base in amt_requests.BASES.items():
        for strict in (False, True):
            yield kind, dump(base), set(), strict
        single = [mistake for mistake in wrong_types(base, amt_requests.also_right) if amt_requests.is_fit(mistake)]
        single += [*unknown_keys(base), *doubled_keys(base), *amt_requests.missing(base), *amt_requests.by_hand(kind)]
        single = [mistake for mistake in single if amt_requests.stays_put(mistake)]
        yield from seeded(kind, base, single, False)
        for mistake in amt_requests.by_hand(kind, strict=True):
            yield f"{kind}, strict: {mistake.name}", *broken(base, [mistake]), True


def seeded(kind, base, single, strict):
    for mistake in single:
        yield f"{kind}: {mistake.name}", *broken(base, [mistake]), strict
    # After a number that no double holds the rest of a text is not read.
    whole = [m for m in single if m.paths == {m.place} and "1e400" not in m.name]
    for mistakes in combined(whole, 150, seed=len(kind)):
        yield f"{kind}: " + " and ".join(m.name for m in mistakes), *broken(base, mistakes), strict


def judge(number, case, folder):
    name, text, expected, strict = case
    file = Path(folder) / f"{number}.json"
    file.write_text(text)
    try:
        paths, lines = named_paths(file, strict)
    except AssertionError as error:
        return f"{name}: {error}"
    finally:
        file.unlink()
    if set(paths) == expected and all(count == 1 for count in paths.values()):
        return None
    return "%s\n    expected %s\n    got      %s\n      %s" % (name, sorted(expected), sorted(paths.elements()), "\n      ".join(lines)[:600])


def main():
    everything = list(cases())
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
        wrong = [
            complaint
            for complaint in pool.map(lambda numbered: judge(*numbered, folder), enumerate(everything))
            if complaint
        ]
    print("\n".join(wrong))
    print("%d job files: %d passed, %d failed" % (len(everything), len(everything) - len(wrong), len(wrong)))
    return 1 if wrong or len(everything) < 1000 else 0


if __name__ == "__main__":
    sys.exit(main())
