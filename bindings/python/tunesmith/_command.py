"""The `tunesmith` command of an installed package: the C++ program that lies beside the module."""

import os
import pathlib
import sys


def main():
    program = pathlib.Path(__file__).parent / "bin" / "tunesmith"
    os.execv(program, ["tunesmith", *sys.argv[1:]])
