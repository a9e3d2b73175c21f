# Disks, floppies and CDs that cannot be booted or used: one sentence, status 2. Prints only failures.
# needs: /usr/share/seabios/bios-256k.bin
. "$LIB"
refused() { expect_refusal "$@"; }
truncate -s 40960 "$WORK/iso"
printf '\001CD001\001' | dd of="$WORK/iso" bs=1 seek=32768 conv=notrunc 2>/dev/null
refused "a CD that does not boot" "without a boot record (El Torito)" "$WORK/iso"
printf '\377' | dd of="$WORK/iso" bs=1 seek=32848 conv=notrunc 2>/dev/null
refused "half a CD" "is truncated: the CD in it has 522240 bytes, the file 40960$" "$WORK/iso"
refused "a kernel for a firmware" "is nothing that the firmware of --bios could boot$" \
  --bios /usr/share/seabios/bios-256k.bin "$GUEST/hello.elf"
refused "no such firmware" "cannot open /absent" --bios /absent "$GUEST/bios_calls.bin"
refused "a folder" "is a directory$" "$WORK"
for name in odd large; do printf 'half a sector' >"$WORK/$name"; done
truncate -s 3M "$WORK/large"
refused "an odd size" "^gdbvm: .*/odd is not a positive multiple of 512 bytes long$" -hda "$WORK/odd"
refused "a large floppy" "/large is larger than a floppy" -fda "$WORK/large"
refused "a floppy for a kernel" "^gdbvm: a floppy is for firmware" -fda "$WORK/odd" -kernel "$GUEST/hello.elf"
refused "a folder as a disk" "cannot be opened: Is a directory$" -hda "$WORK"
refused "no such CD" "/absent cannot be opened: No such file" -cdrom /absent
truncate -s 1M "$WORK/disk"
printf '\125\252' | dd of="$WORK/disk" bs=1 seek=510 conv=notrunc 2>/dev/null
start_vm --disk "$WORK/disk" "$GUEST/counter.elf"
for words in "" -hda; do
  # shellcheck disable=SC2086  # an option or nothing
  refused "a disk that another writes, $words" "^gdbvm: .*/disk is in use as a disk already$" $words "$WORK/disk"
done
stop_vm
echo "all tried"
