# What shell cases share; sourced as `. "$LIB"`.

# wait_for FILE REGEX: until a line of the file matches, 10 seconds at most.
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

# status COMMAND...: runs it, says with which status it ended.
status() {
  "$@"
  echo "status $?"
}
