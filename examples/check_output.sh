#!/usr/bin/env bash
# check_output.sh EXPECTED PROGRAM [ARGUMENT...]: runs the program and compares what it prints.
set -uo pipefail
expected=$1
shift
output=$(mktemp)
trap 'rm -f "$output"' EXIT
"$@" >"$output"
status=$?
[ $status -eq 0 ] || exit $status
diff "$expected" "$output" && echo "as expected"
