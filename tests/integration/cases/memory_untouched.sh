# Memory is byte for byte the same before breakpoints and watchpoints, while they are set, after detach and after kill -9.
. "$LIB"
start_vm --on-detach stop "$GUEST/watch.elf"
dump() { echo "dump binary memory $WORK/$1 0x100000 0x108000"; }
gdb_session "$GUEST/watch.elf" "$(dump first)" >/dev/null 2>&1
gdb_session "$GUEST/watch.elf" "break write_sizes" "break write_same" "break write_strings" "hbreak write_locked" \
  "break write_push" "break read_value" "watch buffer" "rwatch read_only_value" "stepi" "$(dump second)" "detach" \
  >/dev/null 2>&1
gdb_session "$GUEST/watch.elf" "$(dump third)" >/dev/null 2>&1
gdb_session "$GUEST/watch.elf" "break write_sizes" "break write_same" "break write_strings" "break write_locked" \
  "break write_push" "watch buffer" "continue" "stepi" "shell kill -9 \$PPID" >"$WORK/killed" 2>&1
grep -E -o '^Breakpoint 1, write_sizes' "$WORK/killed"
gdb_session "$GUEST/watch.elf" "dump binary memory $WORK/text 0x100000 kernel_main" >/dev/null 2>&1
cmp "$WORK/first" "$WORK/second" && cmp "$WORK/first" "$WORK/third" && echo "same with breakpoints and after detach"
cmp -n "$(wc -c <"$WORK/text")" "$WORK/first" "$WORK/text" && [ -s "$WORK/text" ] && echo "same after kill -9"
stop_vm
