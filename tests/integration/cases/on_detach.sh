# --on-detach: run keeps the machine running, stop stops it, quit ends it.
. "$LIB"
start_vm --on-detach quit "$GUEST/counter.elf"
gdb_session "$GUEST/counter.elf" "detach" >/dev/null 2>&1
wait "$vm_pid"
echo "quit: status $?"
rm -f "$WORK/gdb" "$WORK/stderr"
start_vm --on-detach stop "$GUEST/counter.elf"
gdb_session "$GUEST/counter.elf" "tbreak count" "continue" "detach" >/dev/null 2>&1
gdb_session "$GUEST/counter.elf" "print counter" "print 4711" 2>&1
stop_vm
