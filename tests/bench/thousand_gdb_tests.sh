#!/bin/sh
# A thousand tests with a trivial guest, each with its own gdbvm and gdb: elapsed time and processor time.
#   thousand_gdb_tests.sh [-b BUILD_DIR] [-n TESTS] [gdb-test's options...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build
count=1000
while [ $# -gt 0 ]; do
  case $1 in
    -b) build=$2; shift 2 ;;
    -n) count=$2; shift 2 ;;
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
# guest: $build/guest/hello.elf
# status: 1
connect
break put_string
continue
print $i
continue
SCRIPT
  cat >"$work/tests/$name.expect" <<EXPECT
^Breakpoint 1, put_string
^\\\$1 = $i\$
exited with code 01
^=== serial\$
^Hello from the guest\\.\$
EXPECT
done

began=$(date +%s.%N)
status=0
"$here/../../tools/gdb-test" --gdbvm "$build/gdbvm" "$@" "$work/tests" >"$work/output" || status=$?
ended=$(date +%s.%N)
grep -v '^ok ' "$work/output" || true
times >"$work/times"
tail -n 1 "$work/times" | awk -v began="$began" -v ended="$ended" '
  function seconds(text) { split(text, part, /[ms]/); return part[1] * 60 + part[2] }
  { printf "%.1f s, of processor time %.1f s\n", ended - began, seconds($1) + seconds($2) }'
exit "$status"
