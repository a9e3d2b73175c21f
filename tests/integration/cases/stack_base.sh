# Flat 32-bit code on a stack segment with a base: gdb reads the innermost frame and steps over calls by itself, and the
# callers once tools/gdb/real_mode.py has taught it that the EBP they pushed is an offset.
# needs: python3
. "$LIB"
elf=$GUEST/stack_base.elf
script="$(dirname "$LIB")/../../tools/gdb/real_mode.py"
session() {
  "$GDB" -nx -batch -ex 'set width 0' -ex 'set confirm off' -ex 'set style enabled off' \
    -ex "target remote | exec '$GDBVM' --gdb stdio --serial none '$elf'" "$@" 2>&1
}

echo "--- gdb's own frames"
session -ex 'break leaf' -ex 'continue' -ex 'print $ss_base == (unsigned) task_stack' -ex 'info args' -ex 'next' \
  -ex 'info locals' -ex 'print *(int*)($ebp + 8)' -ex 'kill'

echo "--- next over a call"
session -ex 'break middle' -ex 'continue' -ex 'next' -ex 'print twice' -ex 'kill'

echo "--- taught by the script"
session -ex "source $script" -ex 'break leaf' -ex 'continue' -ex 'backtrace -3' -ex 'backtrace 4' -ex 'up' \
  -ex 'info args' -ex 'finish' -ex 'next' -ex 'info locals' -ex 'finish' -ex 'kill'

echo "--- in and around a prologue and a return"
session -ex "source $script" -ex 'break *leaf' -ex 'continue' -ex 'backtrace 3' -ex 'stepi' -ex 'backtrace 3' -ex 'stepi' \
  -ex 'backtrace 3' -ex 'tbreak 17' -ex 'continue' -ex 'stepi' -ex 'x/i $pc' -ex 'backtrace 3' -ex 'kill'
