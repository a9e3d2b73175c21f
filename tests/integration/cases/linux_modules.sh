# A module of Debian's stock kernel under gdb: a breakpoint set before the module is loaded is hit in its init
# function, its functions have names, and a later load, at the same or another address, is followed.
# needs: /linux/vmlinuz asked-for long.int3=reported
# timeout: 900
. "$LIB"
grep -v '\[' /proc/kallsyms >"$WORK/kallsyms"
"$GDB" -nx -batch -ex 'set width 0' -ex 'set confirm off' -ex 'set style enabled off' -ex 'set remotetimeout 300' \
  -ex "target remote | exec $GDBVM --gdb stdio --serial file:$WORK/serial --memory 192M --initrd /linux/initrd --symbols $WORK/kallsyms --modules /linux/modules --append 'console=ttyS0 quiet load-a-module' /linux/vmlinuz 2>$WORK/stderr" \
  -ex 'set breakpoint pending on' -ex 'break loop_add' -ex 'tbreak loop_init' -ex 'continue' -ex 'info symbol $pc' \
  -ex 'info sharedlibrary' -ex 'continue' -ex 'info symbol $pc' -ex 'backtrace 2' -ex 'finish' -ex 'info breakpoints' \
  -ex 'monitor info stops' -ex 'delete' \
  -ex 'tbreak cleanup_module' -ex 'continue' -ex 'info symbol $pc' -ex 'tbreak loop_init' -ex 'continue' \
  -ex 'info symbol $pc' -ex 'info sharedlibrary' -ex 'monitor modules' -ex 'continue' 2>&1
tr -d '\r' <"$WORK/serial"
cat "$WORK/stderr"
