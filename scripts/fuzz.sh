#!/usr/bin/env bash
# Runs each fuzz target for some seconds (60 unless told otherwise) under AddressSanitizer and UndefinedBehaviorSanitizer,
# from the committed corpus on. A finding is kept in build/asan/<target>.crash.
# Usage: fuzz.sh [SECONDS [SEED]]
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh
seconds=${1:-60} seed=${2:-$RANDOM}

step "Building the fuzz targets"
mkdir -p build
{ cmake --preset asan && cmake --build --preset asan --target fuzz_targets; } >build/fuzz.log 2>&1 \
  || { grep -E -A12 'error:|FAILED' build/fuzz.log | head -n 40; exit 1; }

status=0
for corpus in tests/fuzz/corpus/*; do
  target=fuzz_$(basename "$corpus")
  step "$target, $seconds s, seed $seed"
  (cd build/asan && "tests/fuzz/$target" --seconds "$seconds" --seed "$seed" "$OLDPWD/$corpus") || status=1
done
exit $status
