# A second client is refused while the first is connected, and the first is not disturbed.
. "$LIB"
start_vm "$GUEST/counter.elf"
cat >"$WORK/second" <<SECOND
timeout 10 $GDB -nx -batch -ex 'set remotetimeout 3' -ex 'target remote $WORK/gdb' -ex 'print 4711' >$WORK/second_output 2>&1
SECOND
gdb_session "$GUEST/counter.elf" "break count" "continue" "shell sh $WORK/second" "continue" "print counter" "kill" 2>&1
echo "=== second"
cat "$WORK/second_output"
stop_vm
