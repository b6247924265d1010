#!/usr/bin/env bash
# Runs the quick unit tests of the dev build under Valgrind: errors and definite leaks fail. Tests of threads are
# ThreadSanitizer's; Valgrind runs one thread at a time.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

status=0
for module in core space metrics trial stopping store study tuner job; do
  step "Valgrind: $module"
  valgrind -q --error-exitcode=9 --leak-check=full --show-leak-kinds=definite \
    --errors-for-leak-kinds=definite --child-silent-after-fork=yes --suppressions=tests/valgrind.supp \
    "build/dev/tests/unit/$module/test_$module" '~[threads]~[.]' || status=1
done
exit $status
