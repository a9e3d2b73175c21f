# The description of the registers fits gdb's symbols; without symbols it fits the CPU, and follows it when gdb asks again.
. "$LIB"
nameless() { "$GDB" -nx -batch -ex 'set width 0' "$@" 2>&1; }

echo "--- no symbols"
nameless -ex "target remote | exec '$GDBVM' --gdb stdio --serial none --boot flat '$GUEST/modes.bin'" \
  -ex "add-symbol-file '$GUEST/modes.elf'" -ex 'show architecture' \
  -ex 'break *&protected_mode' -ex 'break *&long_mode' -ex 'continue' \
  -ex 'unset tdesc filename' -ex 'show architecture' -ex 'x/i $pc' -ex 'continue' \
  -ex 'unset tdesc filename' -ex 'show architecture' -ex 'print $rip == (long)&long_mode' \
  -ex 'set $r15 = 0x123456789abcdef0' -ex 'stepi' -ex 'print/x $r15' -ex 'print (long)$rip - (long)&long_mode' -ex 'kill'
echo "--- connecting again"
"$GDBVM" --gdb 127.0.0.1:0 --on-detach stop --serial none --boot flat "$GUEST/modes.bin" -- \
  "$GDB" -nx -batch -ex 'target remote {remote}' -ex "add-symbol-file '$GUEST/modes.elf'" -ex 'tbreak *&long_mode' \
  -ex 'continue' -ex 'disconnect' -ex 'target remote {remote}' -ex 'print $rip == (long)&long_mode' -ex 'kill' 2>&1
echo "--- symbols of 64 bits"
nameless -ex "target remote | exec '$GDBVM' --gdb stdio --serial none --symbols '$GUEST/demo.elf' --boot flat '$GUEST/modes.bin'" \
  -ex 'print/x $rip' -ex 'stepi' -ex 'print/x $rip' -ex 'info symbol kernel_main' -ex 'kill'
echo "--- symbols of 32 bits"
nameless -ex "target remote | exec '$GDBVM' --gdb stdio --serial none --symbols '$GUEST/modes.elf' --boot flat '$GUEST/modes.bin'" \
  -ex 'break *&long_mode' -ex 'continue' -ex 'unset tdesc filename' -ex 'print $eip == (long)&long_mode' -ex 'kill'
