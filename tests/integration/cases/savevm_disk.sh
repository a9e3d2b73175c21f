# A snapshot and the disk: what the guest wrote to the file since is taken back with its memory and registers, and comes
# again when the guest writes it again.
. "$LIB"
printf '%s\n' "the host's first sector" >"$WORK/disk"
truncate -s 1M "$WORK/disk"
second="shell tail -c +513 '$WORK/disk' | tr -d '\\0'"
start_vm --disk "$WORK/disk" "$GUEST/disk.elf"
gdb_session "$GUEST/disk.elf" 'tbreak disk_transfer if number == 1' 'continue' 'monitor savevm before' \
  'tbreak disk_transfer if number == 2048' 'continue' 'echo in the file: ' "$second" 'monitor loadvm before' \
  'maintenance flush dcache' 'maintenance flush register-cache' 'print number' 'echo in the file again: ' "$second" 'echo \n' 'continue' 2>&1
status wait "$vm_pid"
tail -c +513 "$WORK/disk" | tr -d '\0'
cat "$WORK/serial"
