# Unix sockets after every end of a gdbvm: those it handles remove them, and what one that was killed leaves is replaced.
. "$LIB"
# start: gdbvm with two sockets.
start() {
  : >"$WORK/stderr"
  "$GDBVM" --gdb "unix:$WORK/gdb" --serial "unix:$WORK/serial" --run "$GUEST/counter.elf" 2>"$WORK/stderr" &
  vm_pid=$!
  wait_for "$WORK/stderr" "entered at"
}

for signal in TERM INT HUP USR1 USR2 ALRM XCPU; do
  start
  kill -$signal "$vm_pid"
  wait "$vm_pid"
  echo "$signal: status $?, left: $(cd "$WORK" && ls -d gdb serial 2>/dev/null)"
done
start
kill -KILL "$vm_pid"
wait "$vm_pid"
start
echo "started where one was killed"
older=$vm_pid
rm "$WORK/gdb" "$WORK/serial"
start
kill "$older"
wait "$older"
[ -S "$WORK/gdb" ] && [ -S "$WORK/serial" ] && echo "the newer one keeps its sockets"
kill "$vm_pid"
wait "$vm_pid"
: >"$WORK/stderr"
(trap '' HUP && exec "$GDBVM" --gdb "unix:$WORK/gdb" --serial none --run "$GUEST/counter.elf" 2>"$WORK/stderr") &
vm_pid=$!
wait_for "$WORK/stderr" "entered at"
kill -HUP "$vm_pid"
kill -TERM "$vm_pid"
wait "$vm_pid"
echo "ignoring HUP: status $?"
