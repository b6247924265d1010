# Sourced by test.sh and test_long.sh: steps that are counted, and builds of the presets.

failed=()
# check <name> <command>...: a step whose failure does not keep the others from running.
check() {
  local name=$1
  shift
  step "$name"
  "$@" || { failed+=("$name"); step "FAILED: $name"; }
}

# build <preset> [<cmake --build argument>...]: quiet where all is well. `python_arguments` go to cmake.
build() {
  local preset=$1 log=build/test-$1.log
  shift
  mkdir -p build
  { cmake --preset "$preset" "${python_arguments[@]}" && cmake --build --preset "$preset" "$@"; } >"$log" 2>&1 \
    || { grep -E -A12 'error:|Error|FAILED' "$log" | head -n 60; tail -n 5 "$log"; return 1; }
}
