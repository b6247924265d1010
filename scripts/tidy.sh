#!/usr/bin/env bash
# Runs clang-tidy with .clang-tidy over the given sources, by default over those that differ from the main branch.
set -euo pipefail
cd "$(dirname "$0")/.."

files=("$@")
if [ ${#files[@]} -eq 0 ]; then
  mapfile -t files < <(git diff --name-only --diff-filter=d main -- 'src/*.cpp' 'bindings/*.cpp')
fi
[ ${#files[@]} -gt 0 ] || { echo "nothing to look at"; exit 0; }
cmake --preset dev -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null
exec clang-tidy --quiet -p build/dev "${files[@]}"
