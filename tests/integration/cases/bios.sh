# Disk images are booted by SeaBIOS: a boot sector that prints and reads through the BIOS, debugged from its first
# instruction; the same as a disk without IMAGE; and what is on the screen.
# needs: /usr/share/seabios/bios-256k.bin
# timeout: 120
. "$LIB"
cp "$GUEST/bios_calls.bin" "$WORK/disk"
printf 'bios: the second sector\r\n' >>"$WORK/disk"
status timeout 60 "$GDBVM" --run --gdb none "$WORK/disk" 2>&1

start_vm "$WORK/disk"
gdb_session "$GUEST/bios_calls.elf" 'tbreak *0x7c00' 'continue' 'info symbol $pc' 'break print' \
  'continue' 'info symbol $pc' 'delete' 'tbreak *&done' 'continue' 'monitor screen' 'continue' 2>&1
status wait "$vm_pid"

truncate -s 1M "$WORK/disk"
status timeout 60 "$GDBVM" --run --gdb none --disk "$WORK/disk,snapshot" 2>&1 | tail -n 1
