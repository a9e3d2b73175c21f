# An IDE disk: read and written through the data port, read by DMA, and beyond its end; read-only; in memory alone; and
# too many of them.
. "$LIB"
make_disk() {
  printf '%s\n' "the host's first sector" >"$1"
  truncate -s 2M "$1"
}
make_disk "$WORK/disk"
status "$GDBVM" --run --gdb none --disk "$WORK/disk,ide" "$GUEST/ide.elf" 2>&1
tail -c +513 "$WORK/disk" | head -n 1
make_disk "$WORK/disk"
status "$GDBVM" --run --gdb none --disk "$WORK/disk,ro,ide" "$GUEST/ide.elf" 2>&1 | grep -a "write with status"

start_vm --disk "$WORK/disk,ide,snapshot" "$GUEST/ide.elf"
gdb_session "$GUEST/ide.elf" 'tbreak ide_dma' 'continue' 'set variable block = 0' 'finish' 'output (char *)sector' \
  'monitor system_reset' 'maintenance flush register-cache' 'tbreak ide_dma' 'continue' 'finish' \
  'output (char *)sector' 'continue' 2>&1
status wait "$vm_pid"
tail -c +513 "$WORK/disk" | tr -d '\0' | wc -c

set --
for _ in 1 2 3 4 5; do set -- "$@" --disk "$WORK/disk,ro,ide"; done
expect_refusal "five IDE disks" "IDE has room for 4 disks, not 5$" "$@" "$GUEST/ide.elf"
expect_refusal "a disk in use" "is in use as a disk already$" --disk "$WORK/disk,ide" --disk "$WORK/disk,ide" "$GUEST/ide.elf"
expect_refusal "a CD that is a folder" "is neither a file nor a block device$" --disk "$WORK,cdrom" "$GUEST/ide.elf"
