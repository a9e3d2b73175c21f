# Back over what a virtio disk has read and written, by device memory and its interrupts: each time the disk and the buffer
# are what they were, on the host too; the same in a recording.
# needs: long.execute_register=true fast-host
# timeout: 90
. "$LIB"
printf '%s\n' "the host's first sector" >"$WORK/disk"
truncate -s 64K "$WORK/disk"
start_vm --record "$WORK/recorded" --disk "$WORK/disk,snapshot" "$GUEST/disk.elf"
back_and_on() {
  gdb_session "$GUEST/disk.elf" "$@" 2>&1
}
back_and_on 'break disk_transfer' 'continue' 'continue' 'continue' 'output sector' 'print disk_interrupts' \
  'echo \n--- back\n' 'reverse-continue' 'output sector' 'print disk_interrupts' 'reverse-continue' 'print sector[0]' \
  'print disk_interrupts' 'echo --- on\n' 'finish' 'output sector' 'continue' 'finish' 'print disk_interrupts' 'delete' 'continue'
status wait "$vm_pid"
echo "--- recorded"
start_vm --replay "$WORK/recorded"
back_and_on 'break disk_transfer if number == 1' 'reverse-continue' 'output sector' 'reverse-finish' 'tbreak show' \
  'reverse-continue' 'output sector' 'print disk_interrupts' 'kill'
wait "$vm_pid"
tr -d '\0' <"$WORK/disk"
cat "$WORK/serial"
