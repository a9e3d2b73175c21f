# A virtio disk: read, written, and access beyond its end refused, also under gdb and after a reset; read-only; written in
# memory alone, by two machines; not written by one while another uses it; and files that cannot be disks.
. "$LIB"
make_disk() {
  printf '%s\n' "the host's first sector" >"$1"
  truncate -s 1M "$1"
}
make_disk "$WORK/disk"
status "$GDBVM" --run --gdb none --disk "$WORK/disk" "$GUEST/disk.elf" 2>&1
tail -c +513 "$WORK/disk" | head -n 1
make_disk "$WORK/disk"
status "$GDBVM" --run --gdb none --disk "$WORK/disk,ro" "$GUEST/disk.elf" 2>&1
tail -c +513 "$WORK/disk" | tr -d '\0' | wc -c

start_vm --disk "$WORK/disk,snapshot" "$GUEST/disk.elf"
expect_refusal "a disk that others see" "/disk is in use as a disk already$" --disk "$WORK/disk" "$GUEST/disk.elf"
status "$GDBVM" --run --gdb none --disk "$WORK/disk,snapshot" "$GUEST/disk.elf" 2>&1
gdb_session "$GUEST/disk.elf" 'tbreak disk_transfer if number == 2048' 'continue' 'set variable number = 1' 'finish' \
  'output (char *)sector' 'continue' 2>&1
status wait "$vm_pid"
tail -c +513 "$WORK/disk" | tr -d '\0' | wc -c

start_vm --disk "$WORK/disk" "$GUEST/disk.elf"
expect_refusal "a disk in use" "/disk is in use as a disk already$" --disk "$WORK/disk" "$GUEST/disk.elf"
gdb_session "$GUEST/disk.elf" 'tbreak disk_transfer' 'continue' 'tbreak show' 'continue' 'print disk_interrupts' \
  'output (char *)sector' 'monitor system_reset' 'maintenance flush register-cache' 'tbreak disk_notify' 'continue' \
  'next' 'print disk_status' 'print disk_interrupts' 'up' 'finish' 'continue' 2>&1
status wait "$vm_pid"
cat "$WORK/serial"

expect_refusal "no such disk" "/absent cannot be opened: No such file" --disk "$WORK/absent" "$GUEST/disk.elf"
expect_refusal "a folder" "is neither a file nor a block device$" --disk "$WORK,ro" "$GUEST/disk.elf"
printf 'half a sector' >"$WORK/short"
expect_refusal "half a sector" "is not a positive multiple of 512 bytes long$" --disk "$WORK/short" "$GUEST/disk.elf"
printf 'QFI\373' >"$WORK/qcow"
truncate -s 1M "$WORK/qcow"
expect_refusal "qcow2" "is a qcow2 image; qemu-img convert" --disk "$WORK/qcow" "$GUEST/disk.elf"
set --
for _ in 1 2 3 4 5 6 7 8; do set -- "$@" --disk "$WORK/disk"; done
expect_refusal "eight disks" "at most 7 disks, not 8" "$@" "$GUEST/disk.elf"
