# QEMU's -s -S -m -kernel -serial are accepted.
. "$LIB"
status "$GDBVM" --run --gdb none -m 64M -serial stdio -kernel "$GUEST/hello.elf" 2>&1
