#!/usr/bin/env bash
# Does what CONTRIBUTING.md says for each kind of plug-in, with the files of tests/contributing: puts the file and its line
# in place, builds, looks it up by name, and runs its conformance kit. Whatever happens, both are taken out again.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

# kind, name, folder, table, macro: as in CONTRIBUTING.md
plugins=(
  "strategy nearby src/search strategies.def TUNESMITH_STRATEGY"
  "rule ceiling src/stopping rules.def TUNESMITH_RULE"
  "store retrying src/store stores.def TUNESMITH_STORE"
  "executor niced src/executor executors.def TUNESMITH_EXECUTOR"
)

saved=$(mktemp -d)
take_out() {
  local kind name folder table macro
  for plugin in "${plugins[@]}"; do
    read -r kind name folder table macro <<<"$plugin"
    if [ -e "$saved/$table" ]; then
      cp "$saved/$table" "$folder/$table"  # newer than what was built with it
      rm -f "$folder/$name.cpp"
    fi
  done
  rm -rf "$saved"
}
trap take_out EXIT
trap 'exit 130' INT TERM

for plugin in "${plugins[@]}"; do
  read -r kind name folder table macro <<<"$plugin"
  [ ! -e "$folder/$name.cpp" ] || { echo "$folder/$name.cpp is there already" >&2; exit 1; }
  cp -p "$folder/$table" "$saved/$table"
  cp "tests/contributing/$name.cpp" "$folder/$name.cpp"
  echo "$macro($name)" >>"$folder/$table"
done

step "Building with ${#plugins[@]} more plug-ins"
mkdir -p build
cmake --preset dev >build/contributing.log
cmake --build --preset dev --target conformance --target tunesmith_command >>build/contributing.log 2>&1 \
  || { grep -E -A12 'error:|FAILED' build/contributing.log | head -n 40; exit 1; }

step "Their conformance"
for plugin in "${plugins[@]}"; do
  read -r kind name folder table macro <<<"$plugin"
  ctest --preset dev -R "^conformance: $kind $name\$"
done

step "A job that names them"
cat >"$saved/job.json" <<'JOB'
{
  "name": "all-four", "command": ["sh", "-c", "echo loss=0.$RANDOM"],
  "parameters": {"x": {"type": "float", "min": 0, "max": 1}},
  "metrics": [{"name": "loss", "regex": "loss=([0-9.]+)"}],
  "objective": {"metric": "loss", "goal": "minimize"},
  "strategy": {"name": "nearby", "radius": 0.1}, "stopping_rules": [{"name": "ceiling", "worst": 2}],
  "executor": {"name": "niced", "niceness": 5}, "budget": {"max_trials": 3}
}
JOB
build/dev/bin/tunesmith run "$saved/job.json" --store "retrying:$saved/study.db" | tail -n 3
step "Plug-ins are added as CONTRIBUTING.md says"
