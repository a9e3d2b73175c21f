# --trace rsp shows the packets from and to gdb, long ones by their beginning.
. "$LIB"
start_vm --trace "rsp:$WORK/trace" "$GUEST/demo.elf"
gdb_session "$GUEST/demo.elf" "tbreak *0x100000" "print \$rax" "dump memory $WORK/memory 0x100000 0x102000" \
  "monitor no_such_command" >/dev/null 2>&1
stop_vm
cat "$WORK/trace"
"$GDBVM" --trace rsp --gdb 127.0.0.1:0 --serial none "$GUEST/hello.elf" -- "$GDB" -nx -batch -ex 'target remote {remote}' 2>&1 |
  sed -n 's/^rsp out PacketSize=[0-9a-f]*;/on standard error: &/p'
