# --run starts the guest at once; a debugger can still connect at any time.
. "$LIB"
start_vm --run "$GUEST/counter.elf"
wait_for "$WORK/serial" "started"
gdb_session "$GUEST/counter.elf" "tbreak count if counter > 0" "continue" "set var limit = 0" "continue" 2>&1
wait "$vm_pid"
echo "status $?"
