#!/usr/bin/env bash
# tools/testbed, terminated or killed, leaves nothing running: neither vendor's emulator, nor its own helpers. A machine
# that exceeds its time limit is told from one that fails.
#   testbed_ends.sh BUILD_DIR
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
TMPDIR=$(mktemp -d)
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# theirs NAME: the processes of that name (empty: any) whose command line names this test's folder
theirs() {
  local process
  for process in /proc/[0-9]*; do
    tr '\0' ' ' <"$process/cmdline" 2>/dev/null | grep -qF "$TMPDIR/" || continue
    [[ -n $1 && $(<"$process/comm") != "$1" ]] || echo "${process#/proc/}"
  done 2>/dev/null
}

# until_there CONDITION...: waits for it; status 1 after a minute
until_there() {
  local end=$((SECONDS + 60))
  until "$@"; do
    [[ $SECONDS -lt $end ]] || return 1
    sleep 0.1
  done
}
# shellcheck disable=SC2317  # until_there calls both
running() { [[ -n $(theirs "$1") ]]; }
# shellcheck disable=SC2317
gone() { [[ -z $(theirs '') ]]; }

failed=0
for vendor in intel amd; do
  case $vendor in intel) emulator=bochs-bin ;; amd) emulator=qemu-system-x86 ;; esac
  for signal in TERM KILL; do
    "$root/tools/testbed" --build "$1" run "$vendor" --out "$TMPDIR/out" -- sleep 1000 >"$TMPDIR/output" 2>&1 &
    testbed=$!
    until_there running "$emulator" || echo "$vendor: no $emulator started"
    kill -s "$signal" "$testbed"
    if until_there gone; then
      echo "ok   $vendor, SIG$signal"
    else
      echo "FAIL $vendor, SIG$signal: still there:"
      for left in $(theirs ''); do
        tr '\0' ' ' <"/proc/$left/cmdline" || true
        echo
        kill -KILL "$left" || true
      done
      kill -KILL "$testbed" 2>/dev/null || true
      failed=1
    fi
    wait "$testbed" 2>/dev/null || true
  done
  status=0
  "$root/tools/testbed" --build "$1" run "$vendor" --timeout 2 --out "$TMPDIR/out" -- true >"$TMPDIR/output" 2>&1 || status=$?
  if [[ $status -eq 124 ]] && grep -q '^testbed: exceeded its time limit of 2 s' "$TMPDIR/output"; then
    echo "ok   $vendor, time limit"
  else
    echo "FAIL $vendor, time limit: status $status"
    sed 's/^/    /' "$TMPDIR/output"
    failed=1
  fi
done
exit $failed
