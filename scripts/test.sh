#!/usr/bin/env bash
# Everything that has to hold before a change is good. Every step runs, whatever failed before it; the exit status
# tells whether all of them passed. The runners' own closing lines (ctest's, then pytest's) are the last ones.
set -uo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh
source scripts/checks.sh

step "Installing what is missing"
scripts/install_dependencies.sh build example test || exit 1
# The module is built for the Python that runs the tests.
pytest_python=$(python_with pytest jsonschema) || exit 1
python_arguments=("-DPython_EXECUTABLE=$pytest_python" "-DPython3_EXECUTABLE=$pytest_python")

check "Format" scripts/check_format.sh
check "Build release" build release
check "Build dev" build dev
check "Build for threads under ThreadSanitizer" build tsan --target test_executor test_store test_study test_tuner
check "Threads under ThreadSanitizer" ctest --preset tsan -R '^(executor|store|study|tuner):'

[ ${#failed[@]} -eq 0 ] || printf 'Failed so far: %s\n' "${failed[*]}"
check "All tests" ctest --preset dev
check "Python tests" env PYTHONPATH=build/release/python "$pytest_python" -m pytest -q bindings/python/tests
[ ${#failed[@]} -eq 0 ]
