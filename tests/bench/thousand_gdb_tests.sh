#!/bin/sh
# A thousand tests, each with its own gdbvm and gdb: elapsed time and processor time. The guest is told to end at once; with
# -a it has been booted before, once, which counts, and each test starts from the snapshot.
#   thousand_gdb_tests.sh [-b BUILD_DIR] [-n TESTS] [-a] [gdb-test's options...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
count=1000
after=
while [ $# -gt 0 ]; do
  case $1 in
    -b) build=$2; shift 2 ;;
    -n) count=$2; shift 2 ;;
    -a) after=1; shift ;;
    *) break ;;
  esac
done
build=$(cd "$build" && pwd)

work=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/tests"

i=0
while [ $i -lt "$count" ]; do
  i=$((i + 1))
  name=$(printf 'test_%04d' $i)
  cat >"$work/tests/$name.gdb" <<SCRIPT
# guest: $build/guest/timer.elf
${after:+# after: work if ticks >= 100}
# status: 1
connect
break put_line
set variable last_tick = ticks
continue
print $i
continue
SCRIPT
  cat >"$work/tests/$name.expect" <<EXPECT
^Breakpoint 1, put_line
^\\\$1 = $i\$
exited with code 01
^=== serial\$
^timer: ticks ${after:+10}0\$
EXPECT
done

began=$(date +%s.%N)
status=0
"$here/../../tools/gdb-test" --gdbvm "$build/gdbvm" --cache "$work/cache" "$@" "$work/tests" >"$work/output" || status=$?
ended=$(date +%s.%N)
grep -v '^ok ' "$work/output" || true
times >"$work/times"
tail -n 1 "$work/times" | awk -v began="$began" -v ended="$ended" '
  function seconds(text) { split(text, part, /[ms]/); return part[1] * 60 + part[2] }
  { printf "%.1f s, of processor time %.1f s\n", ended - began, seconds($1) + seconds($2) }'
exit "$status"
