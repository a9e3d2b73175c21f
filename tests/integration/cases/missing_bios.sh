# A boot sector that calls a BIOS where there is none: gdbvm says so once, with the remedy, and the call fails, which the
# guest notices and ends by itself.
# needs: real.execute_register=true
. "$LIB"
status "$GDBVM" --run --gdb none --boot flat "$GUEST/bios_calls.bin" 2>&1
start_vm --boot flat "$GUEST/bios_calls.bin"
gdb_session "$GUEST/bios_calls.elf" 'tbreak print' 'continue' 'tbreak failed' 'continue' 'info symbol $pc' \
  'printf "drive %#x, stack %#x\n", *(unsigned char *)&drive, $sp' 'continue' 2>&1
status wait "$vm_pid"
