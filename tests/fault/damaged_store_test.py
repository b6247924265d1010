#!/usr/bin/env python3
"""The command on a damaged store: it answers as it did before the damage, or says which file is damaged and fails.

    damaged_store_test.py path/to/tunesmith [--long] [--seed N]
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LOOKS = (["show"], ["best"], ["trials", "--format", "json"])
JOB = {
    "name": "damaged",
    "command": ["./trial.sh"],
    "parameters": {"x": {"type": "float", "min": 0, "max": 1}},
    "metrics": [{"name": "loss", "regex": "loss: ([0-9.e-]+)"}],
    "objective": {"metric": "loss", "goal": "minimize"},
    "strategy": "random",
    "budget": {"max_trials": 6},
}


def plain(text):
    return re.sub(r"\d+:\d\d:\d\d|\d+(\.\d+)? (s|ms|seconds?|minutes?)( ago)?", "TIME", text)


class DamageTest:
    def __init__(self, tunesmith, scratch):
        self.tunesmith = tunesmith
        self.folder = Path(scratch)
        (self.folder / "trial.sh").write_text("#!/bin/sh\necho \"loss: $2\"\n")
        (self.folder / "trial.sh").chmod(0o755)
        (self.folder / "job.json").write_text(json.dumps(JOB))
        self.store = self.folder / "study.db"
        assert self.command(["run"]).returncode == 0
        self.bytes = self.store.read_bytes()
        self.truth = [self.answer(words) for words in LOOKS]
        self.finished = self.answer(["run"])

    def command(self, words):
        environment = dict(os.environ, NO_COLOR="1")
        command = [self.tunesmith, words[0], "job.json", "--store", "sqlite:%s" % self.store, *words[1:]]
        return subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60)

    def answer(self, words):
        done = self.command(words)
        assert done.returncode == 0, done.stderr
        return plain(done.stdout)

    def put(self, content):
        for file in self.folder.glob("study.db*"):
            file.unlink()
        self.store.write_bytes(content)

    def check(self, content, what, must_fail=False):
        """Whether the damage was told."""
        told = 0
        for words, truth in [*zip(LOOKS, self.truth), (["run"], self.finished)]:
            self.put(content)
            done = self.command(words)
            if done.returncode == 0:
                assert not must_fail, "%s: %s took it" % (what, words[0])
                assert plain(done.stdout) == truth, "%s: %s answers\n%s" % (what, words[0], done.stdout)
                again = self.command(words)
                assert again.returncode == 0, "%s: after %s: %s" % (what, words[0], again.stderr)
            else:
                told += 1
                assert 0 < done.returncode < 64, "%s: %s ends with %d" % (what, words[0], done.returncode)
                assert str(self.store) in done.stderr, "%s: %s says %s" % (what, words[0], done.stderr)
        return told > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tunesmith")
    parser.add_argument("--long", action="store_true", help="every 7th byte")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as scratch:
        test = DamageTest(os.path.abspath(args.tunesmith), scratch)
        size = len(test.bytes)
        used = [at for at in range(size) if test.bytes[at] != 0]
        places = range(0, size, 7) if args.long else rng.sample(used, 30) + rng.sample(range(size), 10)
        told = 0
        for at in places:
            damaged = bytearray(test.bytes)
            damaged[at] ^= 1 << rng.randrange(8)
            told += test.check(bytes(damaged), "byte %d changed" % at)
        assert told > 0
        for length in (0, 1, 100, 4095, 4096, 4097, size // 2 + 1, size - 4096, size - 4095):
            test.check(test.bytes[:length], "cut to %d bytes" % length, must_fail=True)
        test.check(test.bytes[:-1], "cut by one byte")
        test.check(b"not a store\n" * 1000, "a text", must_fail=True)
        test.check(test.bytes[:60] + b"\0\0\0\2" + test.bytes[64:], "version 2", must_fail=True)
        print("%d bytes changed: %d told, the others made no difference" % (len(places), told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
