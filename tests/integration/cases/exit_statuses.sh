# Exit statuses without a debugger: the guest's own, and those of guests that end badly, with a diagnostic.
. "$LIB"
status "$GDBVM" --run --gdb none "$GUEST/hello.elf" 2>&1
status "$GDBVM" --run --gdb none "$GUEST/hello_42.elf" 2>&1
status "$GDBVM" --run --gdb none --boot flat "$GUEST/bootsector.bin" 2>&1
status "$GDBVM" --run --gdb none "$GUEST/triple_fault.elf" 2>&1
status "$GDBVM" --version 2>&1
status "$GDBVM" --help 2>&1
