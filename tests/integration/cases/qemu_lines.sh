# QEMU's command lines mean here what they mean there.
. "$LIB"
echo "at once, without a debugger, with isa-debug-exit's status"
status "$GDBVM" -nographic -m 64 -smp 2,cores=2 -enable-kvm -cpu max -no-shutdown -device isa-debug-exit,iobase=0xf4,iosize=0x4 \
  -kernel "$GUEST/hello.elf" </dev/null 2>&1
echo "gdbvm's own among them"
status "$GDBVM" --run --gdb none -m 64M -serial stdio -kernel "$GUEST/hello.elf" </dev/null 2>&1
echo "a debugger first"
: >"$WORK/stderr"
"$GDBVM" -kernel "$GUEST/counter.elf" -m 64 -serial "file:$WORK/serial" -gdb "unix:$WORK/gdb,server=on,wait=off" -S 2>"$WORK/stderr" &
vm_pid=$!
wait_for "$WORK/stderr" "listening on"
gdb_session "$GUEST/counter.elf" "info symbol \$pc" "tbreak count" "continue" "kill" 2>&1
wait "$vm_pid"
echo "a reset"
printf '\260\006\272\371\014\356\364' >"$WORK/reset.bin" # mov $6, %al; mov $0xcf9, %dx; out %al, (%dx); hlt
status "$GDBVM" -no-reboot --load 0x7c00 "$WORK/reset.bin" </dev/null 2>&1
