# `gdbvm IMAGE -- COMMAND`: the address in GDBVM_REMOTE and {remote}, the command's status as gdbvm's own.
. "$LIB"
status "$GDBVM" --gdb 127.0.0.1:0 --serial none "$GUEST/counter.elf" -- sh -c 'echo "remote $GDBVM_REMOTE"; exit 5' 2>&1
status "$GDBVM" --gdb 127.0.0.1:0 --serial none "$GUEST/counter.elf" -- "$GDB" -nx -batch \
  -ex 'target remote {remote}' -ex 'tbreak count' -ex continue -ex 'print limit' "$GUEST/counter.elf" 2>&1
status "$GDBVM" --gdb "unix:$WORK/gdb" --serial none "$GUEST/counter.elf" -- sh -c 'echo "at $GDBVM_REMOTE"' 2>&1
status "$GDBVM" --gdb "unix:$WORK/gdb" --serial none "$GUEST/counter.elf" -- "$GDB" -nx -batch \
  -ex 'target remote {remote}' -ex 'tbreak count' -ex continue -ex 'print limit' "$GUEST/counter.elf" 2>&1
status "$GDBVM" --gdb 127.0.0.1:0 --serial none "$GUEST/counter.elf" -- /no/such/program 2>&1
ls "$WORK"
