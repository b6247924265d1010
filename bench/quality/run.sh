#!/bin/sh
# Runs tunesmith in a copy of the sample-efficiency harness: run.sh HARNESS [options of its run.py]
# HARNESS needs to be writable: the adapter is linked into it and results/tunesmith.jsonl is appended to.
# BUILD (build/release) holds the Python module, TUNER_PYTHON (python3) is the one it was built for, and HARNESS_PYTHON
# (python3) has numpy, scipy and scikit-learn.
set -eu
harness=${1:?"usage: run.sh HARNESS [options of run.py]"}
shift
here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-$here/../../build/release}
build=$(cd "$build" && pwd)
ln -sf "$here/adapters/tunesmith.py" "$harness/adapters/tunesmith.py"
cd "$harness"
export TUNER_PYTHON="${TUNER_PYTHON:-python3}" PYTHONPATH="$build/python" OMP_NUM_THREADS=1
exec "${HARNESS_PYTHON:-python3}" run.py --peers tunesmith "$@"
