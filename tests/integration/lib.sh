# Shared by shell cases; sourced as `. "$LIB"`.

# wait_for FILE REGEX: waits until a line of the file matches, for 10 seconds at most.
wait_for() {
  tries=0
  until grep -q -E -e "$2" "$1" 2>/dev/null; do
    tries=$((tries + 1))
    if [ $tries -gt 500 ]; then
      echo "wait_for: no line of $1 matches $2" >&2
      return 1
    fi
    sleep 0.02
  done
}

# start_vm OPTIONS... IMAGE: gdbvm in the background, pid in vm_pid, listening on $WORK/gdb, messages in $WORK/stderr.
start_vm() {
  : >"$WORK/stderr" # what an earlier one said there does not count
  "$GDBVM" --gdb "unix:$WORK/gdb" --serial "file:$WORK/serial" "$@" 2>"$WORK/stderr" &
  vm_pid=$!
  wait_for "$WORK/stderr" "listening on"
}

# stop_vm: ends the gdbvm of start_vm.
stop_vm() {
  kill "$vm_pid" 2>/dev/null
  wait "$vm_pid" 2>/dev/null
  :
}

# gdb_session SYMBOLS COMMAND...: one gdb connected to the VM of start_vm.
gdb_session() {
  session_symbols=$1
  shift
  set -- "$@" end-of-commands
  while [ "$1" != end-of-commands ]; do
    set -- "$@" -ex "$1"
    shift
  done
  shift
  "$GDB" -nx -batch -ex "set confirm off" -ex "set width 0" -ex "set style enabled off" \
    -ex "target remote $WORK/gdb" "$@" "$session_symbols"
}

# status COMMAND...: runs it and prints its exit status.
status() {
  "$@"
  echo "status $?"
}

# expect_refusal WHAT REGEX ARGUMENTS...: gdbvm must exit with status 2 and one line that matches. Otherwise prints a line
# about WHAT.
expect_refusal() {
  refusal_of=$1
  refusal_sentence=$2
  shift 2
  "$GDBVM" --gdb none --run "$@" >"$WORK/out" 2>"$WORK/err" </dev/null
  refusal_status=$?
  refusal_lines=$(($(wc -l <"$WORK/err") + $(wc -l <"$WORK/out")))
  [ $refusal_status -eq 2 ] && [ $refusal_lines -eq 1 ] && grep -q -e "$refusal_sentence" "$WORK/err" && return
  echo "$refusal_of: status $refusal_status, $refusal_lines lines: $(head -n 3 "$WORK/err")"
}

# linux_limits: sets `cpus`, how many a Linux guest can have here, and `emulator`, what its command line needs in addition.
# QEMU's TCG may deliver an interrupt that KVM injects twice, the second time with the interrupt flag clear, and the
# guest hangs. It can do so until the guest's next exit; with nopv each end of interrupt exits (docs/guests.md). Boots
# with a second CPU have hung there too.
# shellcheck disable=SC2034  # for the cases
linux_limits() {
  if grep -q 'QEMU TCG' /proc/cpuinfo; then cpus=1 emulator=" nopv"; else cpus=2 emulator=; fi
}
