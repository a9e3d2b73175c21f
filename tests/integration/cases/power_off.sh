# A guest that switches itself off by means of the ACPI tables: gdbvm exits with status 0. A debugger sees it too.
. "$LIB"
status "$GDBVM" --run --gdb none --cpus 3 "$GUEST/acpi.elf" 2>&1
start_vm --cpus 255 "$GUEST/acpi.elf"
gdb_session "$GUEST/acpi.elf" continue 2>&1
status wait "$vm_pid"
cat "$WORK/serial"
