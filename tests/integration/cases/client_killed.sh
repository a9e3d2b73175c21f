# kill -9 of gdb with a breakpoint planted: the guest runs on, no int3 stays in its memory, the next client can connect.
. "$LIB"
start_vm "$GUEST/counter.elf"
gdb_session "$GUEST/counter.elf" "break kernel_main" "break *count" "continue" "shell kill -9 \$PPID" >"$WORK/first" 2>&1
grep -q '^Breakpoint 1, kernel_main' "$WORK/first" && echo "first client stopped at its breakpoint"
wait_for "$WORK/serial" "started"
gdb_session "$GUEST/counter.elf" "print/x *(unsigned char*)count" \
  "tbreak count if counter > 0" "continue" "stepi" "print/x *(unsigned char*)count" 2>&1
kill -0 "$vm_pid" && echo "gdbvm lives"
stop_vm
