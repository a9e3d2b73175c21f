# A kernel for each boot protocol reads what the loader passed: command line, initrd or modules, memory map, ACPI.
. "$LIB"
echo "from the initrd" >"$WORK/initrd"
echo "from the second" >"$WORK/second"
boot() { status "$GDBVM" --run --gdb none --memory 64M --append "quiet debug=1" "$@" 2>&1; }
boot --initrd "$WORK/initrd" "$GUEST/linux.bin"
boot --initrd "$WORK/initrd" "$GUEST/vmlinux.elf"
boot --initrd "$WORK/initrd" --initrd "$WORK/second" "$GUEST/pvh.elf"
boot --initrd "$WORK/initrd" --initrd "$WORK/second with words" "$GUEST/multiboot.elf"
boot -initrd "$WORK/initrd" "$GUEST/multiboot_flat.bin"
boot --initrd "$WORK/second $(printf '%0300d' 0)" "$GUEST/multiboot_interp.elf"
boot --initrd "$WORK/initrd" --initrd "$WORK/second with words" "$GUEST/multiboot2.elf"
status "$GDBVM" --run --gdb none --memory 2M --append "" -kernel "$GUEST/linux.bin" 2>&1
status "$GDBVM" --run --gdb none --bios "$GUEST/firmware.bin" --firmware-log stdio 2>&1
