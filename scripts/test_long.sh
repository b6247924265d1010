#!/usr/bin/env bash
# What takes too long for test.sh, an hour or two on 2 cores: everything under AddressSanitizer and UndefinedBehaviorSanitizer,
# more under ThreadSanitizer, Valgrind, clang, fuzzing, and the long forms of the faults. Run test.sh first: the release and
# dev builds are taken from there.
set -uo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh
source scripts/checks.sh

step "Installing what is missing"
scripts/install_dependencies.sh build example test long || exit 1
python_arguments=()
host=build/dev/tests/fault/crash_host
launcher=build/dev/bin/tunesmith-launcher
shim=build/dev/tests/fault/libkill_at_call.so

check "Kills of the command" python3 tests/fault/kill_job_test.py build/release/bin/tunesmith --rounds 34 --seed 2
check "Kills at every named point, and 200 at random" python3 tests/fault/crash_points_test.py $host $launcher --long
check "Kills at every call" python3 tests/fault/kill_at_call_test.py $host $launcher $shim --long
check "Broken disks" python3 tests/fault/bad_disk_test.py $host $launcher $shim --long
check "Unruly trials" python3 tests/fault/unruly_trials_test.py $host $launcher --long

check "Build for AddressSanitizer" build asan
check "Everything under AddressSanitizer" ctest --preset asan -E '^(install|structure|must not compile)'
check "Build for ThreadSanitizer" build tsan --target unit_tests conformance test_misbehaviour
# The tests of the kits themselves leave threads hanging, as the plug-ins they are about do.
check "Unit tests and conformance under ThreadSanitizer" ctest --preset tsan -L 'unit|conformance' -E '^kits:'
check "Valgrind" scripts/memcheck.sh
check "Fuzzing" scripts/fuzz.sh

check "Plug-ins are added as CONTRIBUTING.md says" scripts/check_contributing.sh
check "A wheel in a fresh environment" scripts/check_wheel.sh

check "Build with clang" build clang
check "Unit tests, built with clang" ctest --preset clang -L 'unit|conformance|example'

[ ${#failed[@]} -eq 0 ] || printf 'Failed: %s\n' "${failed[*]}"
[ ${#failed[@]} -eq 0 ]
