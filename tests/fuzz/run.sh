#!/bin/sh
# Runs one libFuzzer program for a bounded number of runs; status 0 if it found nothing. FUZZ_RUNS in the environment
# sets the number.
#   run.sh FUZZER
corpus=$(mktemp -d)
log=$(mktemp)
status=0
if "$1" -runs="${FUZZ_RUNS:-100000}" -max_total_time=20 -max_len=4096 "$corpus" >"$log" 2>&1; then
  echo "   ok   $(basename "$1"): $(grep -E '^Done ' "$log" | tail -n 1)"
else
  status=1
  echo "   FAIL $(basename "$1"): $(tail -n 60 "$log")"
fi
rm -rf "$corpus" "$log"
exit $status
