#!/bin/sh
# Runs tunesmith in a copy of the harness of recorded learning curves: run.sh HARNESS [options of its run.py]
# HARNESS needs to be writable: the adapter is linked into it and results/raw/tunesmith*.jsonl are appended to.
# BUILD (build/release) holds the Python module; PYTHON (python3) is the one it was built for, with numpy.
set -eu
harness=${1:?"usage: run.sh HARNESS [options of run.py]"}
shift
here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-$here/../../build/release}
build=$(cd "$build" && pwd)
python=${PYTHON:-python3}
ln -sf "$here/adapters_tunesmith.py" "$harness/adapters_tunesmith.py"
cd "$harness"
export PYTHONPATH="$build/python" OMP_NUM_THREADS=1
case " $* " in
  *" --tuners "*) ;;
  *) set -- --tuners tunesmith "$@" ;;
esac
"$python" run.py "$@"
exec "$python" aggregate.py
