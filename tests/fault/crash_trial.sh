#!/bin/sh
# The trial of the fault tests' jobs: --x <value> --n <value> --pace <milliseconds>, in any order. Every start leaves a
# line in the ledger.
while [ $# -gt 1 ]; do
  case "$1" in
    --x) x=$2 ;;
    --n) n=$2 ;;
    --pace) pace=$2 ;;
  esac
  shift 2
done
[ -z "$CRASH_LEDGER" ] || echo "$TUNESMITH_ATTEMPT" >> "$CRASH_LEDGER"
if [ -z "$TUNESMITH_UNTIL" ]; then
  for epoch in 1 2 3; do
    [ "$pace" = 0 ] || sleep "0.$(printf '%03d' "$pace")"
    echo "epoch $epoch of $n, loss: $x"
  done
  exit
fi
# The checkpoint is the list of the epochs that were done.
done="$SM_CHECKPOINT_DIR/epochs"
epoch=$(tail -n 1 "$done" 2> /dev/null)
while [ "${epoch:-0}" -lt "$TUNESMITH_UNTIL" ]; do
  [ "$pace" = 0 ] || sleep "0.$(printf '%03d' "$pace")"
  epoch=$((${epoch:-0} + 1))
  echo "epoch $epoch of $n, loss: $x"
  { cat "$done" 2> /dev/null; echo "$epoch"; } > "$done.new" && mv "$done.new" "$done"
done
