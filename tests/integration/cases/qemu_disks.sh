# SeaBIOS boots from the disk that QEMU's line has first by its index, and -snapshot leaves its file alone.
# needs: /usr/share/seabios/bios-256k.bin
# timeout: 120
. "$LIB"
for disk in first second; do
  cp "$GUEST/bios_calls.bin" "$WORK/$disk"
  printf 'bios: the %s disk\r\n' $disk >>"$WORK/$disk"
  truncate -s 1M "$WORK/$disk"
done
status timeout 60 "$GDBVM" -drive "file=$WORK/second,index=1,media=disk,format=raw" \
  -drive "file=$WORK/first,index=0,media=disk,format=raw" -snapshot -nographic -smp 1 -m 64 -monitor null -net none \
  -device isa-debug-exit,iobase=0xf4,iosize=0x04 -no-reboot </dev/null 2>&1
