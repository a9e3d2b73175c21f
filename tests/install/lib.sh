# Shared by the tests of installed trees; sourced. Needs `here`, the directory of this file, and creates WORK, an empty
# directory that is removed at the end of the test.

here=${here:?}

fail() {
  echo "FAIL: $*" >&2
  exit 1
}

# Background processes end with the test, however it ends.
WORK=$(mktemp -d "${TMPDIR:-/tmp}/gdbvm.XXXXXX")
embed=
clean_up() {
  [ -z "$embed" ] || kill "$embed" 2>/dev/null
  rm -rf "$WORK"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# quietly COMMAND...: shows its output only if it fails.
quietly() {
  "$@" >"$WORK/log" 2>&1 || { cat "$WORK/log" >&2; fail "$*"; }
}

need_kvm() {
  { [ -r /dev/kvm ] && [ -w /dev/kvm ]; } || { echo "SKIPPED: /dev/kvm cannot be opened" >&2; exit 77; }
}

# build_example NAME SOURCE PREFIX: into $WORK/NAME, using only the installed tree.
build_example() {
  quietly cmake -G Ninja -S "$2" -B "$WORK/$1" -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_PREFIX_PATH=$3"
  grep -q "^gdbvm_DIR:PATH=$3/lib" "$WORK/$1/CMakeCache.txt" || fail "$1 found another gdbvm than that in $3"
  quietly cmake --build "$WORK/$1"
}

# check_embedded PREFIX SOURCE: debugs another emulator, which embeds the stub, with stock gdb.
check_embedded() {
  build_example embed "$2" "$1"
  "$WORK/embed/embed" "unix:$WORK/gdb" 2>"$WORK/embed_says" &
  embed=$!
  tries=0
  until grep -q "listening on" "$WORK/embed_says"; do
    tries=$((tries + 1))
    if [ $tries -gt 500 ] || ! kill -0 $embed; then fail "the example does not listen: $(cat "$WORK/embed_says")"; fi
    sleep 0.02
  done
  timeout 60 gdb -nx -batch -ex "target remote $WORK/gdb" -x "$here/embed.gdb" >"$WORK/session" 2>&1
  kill $embed
  wait $embed 2>/dev/null
  embed=
  while read -r line; do
    grep -q -e "$line" "$WORK/session" || { cat "$WORK/session" >&2; fail "the example's session has no line $line"; }
  done <"$here/embed.expect"
}

# check_gdb_test PREFIX SOURCE: runs the tests that a kernel adds with gdbvm_add_gdb_test().
check_gdb_test() {
  build_example kernel "$2" "$1"
  quietly ctest --test-dir "$WORK/kernel" --output-on-failure
  grep -q '100% tests passed, 0 tests failed out of [1-9]' "$WORK/log" || { cat "$WORK/log" >&2; fail "no tests"; }
  # Another machine's share, as in docs/scale.md.
  ctest --test-dir "$WORK/kernel" -N -I 2,,2 | grep -q '^Total Tests: 2$' || fail "ctest -I shares otherwise"
  "$1/bin/gdbvm" --run --gdb none "$WORK/kernel/kernel" >"$WORK/greeting" 2>&1
  [ $? -eq 1 ] || fail "the installed gdbvm does not run the kernel"
  grep -q squares "$WORK/greeting" || fail "the kernel says nothing"
}
