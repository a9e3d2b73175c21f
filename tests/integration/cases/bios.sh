# Disk images are booted by SeaBIOS: a boot sector that prints and reads through the BIOS, debugged from its first
# instruction; the same as a disk without IMAGE; what is on the screen; and images that cannot be booted.
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

truncate -s 40960 "$WORK/iso"
printf '\001CD001\001' | dd of="$WORK/iso" bs=1 seek=32768 conv=notrunc 2>/dev/null
expect_refusal "a CD that does not boot" "without a boot record (El Torito)" "$WORK/iso"
printf '\377' | dd of="$WORK/iso" bs=1 seek=32848 conv=notrunc 2>/dev/null
expect_refusal "half a CD" "is truncated: the CD in it has 522240 bytes, the file 40960$" "$WORK/iso"
expect_refusal "a kernel for a firmware" "is nothing that the firmware of --bios could boot$" \
  --bios /usr/share/seabios/bios-256k.bin "$GUEST/hello.elf"
expect_refusal "no such firmware" "cannot open /absent" --bios /absent "$WORK/disk"
expect_refusal "a folder" "is a directory$" "$WORK"
