# A machine saved in a file and gone on with: by three at once, under gdb, back to it by a reset, and saved again.
. "$LIB"
start_vm "$GUEST/timer.elf" --memory 8M
gdb_session "$GUEST/timer.elf" 'tbreak work if ticks >= 3' 'continue' 'print ticks' \
  "monitor savevm file:$WORK/saved" 'kill' 2>&1
wait "$vm_pid"
cp "$WORK/saved" "$WORK/copy"

pids=
for number in 1 2 3; do
  "$GDBVM" --restore "$WORK/saved" --gdb none --run >"$WORK/out.$number" 2>"$WORK/err.$number" &
  pids="$pids $!"
done
for pid in $pids; do status wait "$pid"; done
cat "$WORK/out.1" "$WORK/out.2" "$WORK/out.3"

start_vm --restore "$WORK/saved"
gdb_session "$GUEST/timer.elf" 'info symbol $pc' 'print ticks' 'set variable ticks = 497' 'tbreak put_line' 'continue' \
  'print ticks' 'monitor system_reset' 'maintenance flush register-cache' 'info symbol $pc' 'print ticks' \
  'set variable last_tick = 6' 'break put_line' "monitor savevm file:$WORK/again" 'continue' 'print ticks' 'kill' 2>&1
wait "$vm_pid"
cmp "$WORK/saved" "$WORK/copy" && echo "the file is as it was"

status "$GDBVM" --restore "$WORK/again" --gdb none --run 2>&1
expect_refusal "another size" "--memory says 16 MiB, but the machine in .*/saved has 8 MiB$" --memory 16M \
  --restore "$WORK/saved"
echo 'my thesis' >"$WORK/thesis"
start_vm --restore "$WORK/saved"
gdb_session "$GUEST/timer.elf" "monitor savevm file:$WORK/thesis" "monitor savevm file:$WORK/saved" 'kill' 2>&1
wait "$vm_pid"
cat "$WORK/thesis"
