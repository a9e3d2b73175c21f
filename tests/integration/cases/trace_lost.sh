# A trace that can no longer be written: the guest and its debugger continue, and a message says so.
. "$LIB"
for what in kvm io rsp; do
  start_vm --trace "$what:/dev/full" "$GUEST/hello.elf"
  gdb_session "$GUEST/hello.elf" "continue" >"$WORK/gdb.out" 2>&1
  wait "$vm_pid"
  echo "$what: status $?"
  grep -o 'exited with code [0-9]*' "$WORK/gdb.out"
  grep -c 'the trace in /dev/full ends here: No space left on device' "$WORK/stderr"
done
