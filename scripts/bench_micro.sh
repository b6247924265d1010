#!/usr/bin/env bash
# Builds the micro-benchmarks in build/bench, as users get the library, and runs them:
#   scripts/bench_micro.sh --benchmark_filter=suggest --benchmark_repetitions=5
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

scripts/install_dependencies.sh build bench
mkdir -p build
cmake --preset release -B build/bench -DTUNESMITH_BUILD_BENCH=ON -DTUNESMITH_BUILD_CLI=OFF \
  -DTUNESMITH_BUILD_PYTHON=OFF >build/bench.log
cmake --build build/bench --target bench_micro >>build/bench.log || { tail -n 40 build/bench.log; exit 1; }
exec build/bench/bin/bench_micro "$@"
