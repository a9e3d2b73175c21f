# Debian's stock kernel under gdb from the first instruction of its decompressor to its init: a breakpoint in the
# kernel, set before the kernel is unpacked, is hit once, wherever the kernel has moved. The symbols are those that the
# same kernel, running the testbed, lists of itself.
# needs: /linux/vmlinuz asked-for long.int3=reported
# timeout: 900
. "$LIB"
grep -v '\[' /proc/kallsyms >"$WORK/System.map"
session() {
  "$GDB" -nx -batch -ex 'set width 0' -ex 'set confirm off' -ex 'set style enabled off' -ex 'set remotetimeout 300' \
    -ex "target remote | exec $GDBVM --gdb stdio --serial file:$WORK/serial --memory 192M --initrd /linux/initrd --symbols $WORK/System.map --append 'console=ttyS0 quiet $1' /linux/vmlinuz 2>$WORK/stderr" \
    -ex 'break start_kernel' -ex 'continue' -ex 'monitor kaslr' -ex 'info symbol $pc' -ex 'backtrace 2' -ex 'stepi' \
    -ex 'info symbol $pc' -ex 'info breakpoints' -ex 'watch *(unsigned long*)&jiffies' -ex 'continue' \
    -ex 'backtrace 1' -ex 'delete 2' -ex 'continue' 2>&1
  tr -d '\r' <"$WORK/serial"
  cat "$WORK/stderr"
}
echo "--- at its link address"
session nokaslr
echo "--- where it likes"
session ''
