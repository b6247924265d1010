#!/usr/bin/env bash
# What takes too long for test.sh: the unit tests under AddressSanitizer and UndefinedBehaviorSanitizer, and many more
# kills of running jobs. Run test.sh first: the command it builds is the one that is killed.
set -uo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh
source scripts/checks.sh

step "Installing what is missing"
scripts/install_dependencies.sh build example test || exit 1
python_arguments=()

check "Kills" python3 tests/fault/kill_job_test.py build/release/bin/tunesmith --rounds 34 --seed 2
check "Build for AddressSanitizer" build asan --target unit_tests
check "Unit tests under AddressSanitizer" ctest --preset asan -L unit

[ ${#failed[@]} -eq 0 ] || printf 'Failed: %s\n' "${failed[*]}"
[ ${#failed[@]} -eq 0 ]
