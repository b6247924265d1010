"""Runs the command in a scratch folder."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77


class Command:
    def __init__(self, program, folder):
        self.program = program
        self.folder = Path(folder)

    def write(self, name, content):
        """Objects as JSON, lists as JSON lines, texts as they are."""
        if isinstance(content, list):
            content = "".join(json.dumps(line) + "\n" for line in content)
        elif not isinstance(content, str):
            content = json.dumps(content)
        (self.folder / name).write_text(content)

    def __call__(self, *words, status=0):
        """What it prints; what it complains of, where another status is wanted than 0."""
        answer = subprocess.run([self.program, *words], cwd=self.folder, capture_output=True, text=True, timeout=500,
                                stdin=subprocess.DEVNULL)
        assert answer.returncode == status, "%s: status %d\n%s%s" % (
            " ".join(words), answer.returncode, answer.stdout, answer.stderr)
        return answer.stdout if status == 0 else answer.stderr


def run_tests(tests):
    """Each with a command in a folder of its own; the program is the first argument."""
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            test(Command(sys.argv[1], folder))
        print("passed: " + test.__name__.replace("_", " "), flush=True)
