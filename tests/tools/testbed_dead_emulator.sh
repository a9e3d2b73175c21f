#!/usr/bin/env bash
# A Bochs that dies ends the boot at once, also where `script`, which lends it a terminal, does not notice.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
printf '#!/bin/sh\nkill -ABRT $$\n' >"$work/bin/bochs-bin"
# Starts the command and waits for nothing.
printf '#!/usr/bin/env python3\nimport os, subprocess, sys, time\n%s\n%s\n' \
  'child = subprocess.Popen([os.environ["SHELL"], "-c", sys.argv[2]])' 'time.sleep(600)' >"$work/bin/script"
chmod +x "$work/bin/"*
export work
PATH=$work/bin:$PATH

status=0
# shellcheck disable=SC2016  # the inner shell's
timeout 60 bash -c '. "$1"; export -f bochs_in_terminal; intel_boot_media() { :; }
  intel_emulator file:/dev/null file:/dev/null' bash "$root/tools/testbed.d/intel.sh" || status=$?
# 143: ended by the watch; 124 would be the time limit.
[[ $status -eq 143 ]] || { echo "FAIL: the boot ended with status $status"; exit 1; }
[[ $(<"$work/bochs.status") -eq 134 ]] || { echo "FAIL: how Bochs ended is not known"; exit 1; }
grep -q '^sound: driver=dummy$' "$work/bochsrc" || { echo "FAIL: Bochs would look for a sound card"; exit 1; }
