# Near, far and int calls in real mode, on a stack with a base: gdb is notified that it has misread a return address, and
# tools/gdb/real_mode.py teaches it to read them.
# needs: python3
. "$LIB"
symbols=$GUEST/real_calls.elf
script="$(dirname "$LIB")/../../tools/gdb/real_mode.py"
session() {
  "$GDB" -nx -batch -ex 'set width 0' -ex 'set confirm off' -ex 'set style enabled off' \
    -ex "target remote | exec '$GDBVM' --gdb stdio --serial none --symbols '$symbols' --boot flat '$GUEST/real_calls.bin'" "$@" 2>&1
}

echo "--- gdb's own frames"
session -ex 'tbreak outer' -ex 'continue' -ex 'info registers esp ss_base' -ex 'x/2xh $sp' -ex 'finish'

echo "--- taught by the script: next"
session -ex "source $script" -ex 'tbreak again' -ex 'continue' -ex 'next' -ex 'next' -ex 'next' -ex 'print $pc' -ex 'kill'

echo "--- backtrace and finish"
session -ex "source $script" -ex 'break inner' -ex 'continue' -ex 'backtrace' -ex 'finish' -ex 'finish' \
  -ex 'break far_away' -ex 'continue' -ex 'finish' -ex 'break handler' -ex 'continue' -ex 'backtrace 2' -ex 'finish' -ex 'kill'
