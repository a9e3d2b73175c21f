# A history in a file, and gdb in it later: of a guest that ran by itself, of one whose gdbvm was killed, of a disk that was
# full; and files that are not recordings.
# needs: long.execute_register=true fast-host
# timeout: 120
. "$LIB"
# replay FILE SYMBOLS COMMAND...: gdb in a recording.
replay() {
  file=$1
  shift
  start_vm --replay "$file" || cat "$WORK/stderr"
  gdb_session "$@" 'kill' 2>&1
  wait "$vm_pid"
}
# refused FILE OPTION...: what gdbvm says, without the path that it begins with, and its status.
refused() {
  "$GDBVM" --gdb stdio "$@" </dev/null 2>&1 >"$WORK/out" | sed "s|$WORK/||g"
  "$GDBVM" --gdb stdio "$@" </dev/null >"$WORK/out" 2>&1
  echo "status $?"
}

cd "$WORK" || exit 1
status "$GDBVM" --gdb none --run --memory 8M --record by_itself "$GUEST/stray_write.elf" 2>&1
echo "--- by itself"
replay by_itself "$GUEST/stray_write.elf" 'monitor when' 'break found_broken' 'reverse-continue' 'delete' 'continue' \
  'watch -l shared.magic' 'reverse-continue' 'stepi' 'print shared.magic' 'monitor goto begin' \
  'maintenance flush register-cache' 'print $pc == _start'
replay by_itself "$GUEST/stray_write.elf" 'eval "monitor who-wrote %p %d", &shared.magic, sizeof(shared.magic)' \
  'maintenance flush register-cache' 'backtrace 2'
echo "--- twice"
start_vm --replay by_itself
for debugger in first second; do
  echo "the $debugger"
  gdb_session "$GUEST/stray_write.elf" 'tbreak found_broken' 'reverse-continue' 'detach' 2>&1
done
stop_vm
echo "--- no future"
for command in 'set variable $rax = 1' 'monitor system_reset' 'monitor history off' 'monitor loadvm x'; do
  replay by_itself "$GUEST/stray_write.elf" "$command"
done
replay by_itself "$GUEST/stray_write.elf" 'break found_broken' 'reverse-continue' "monitor savevm file:$WORK/from_there"
status "$GDBVM" --gdb none --run --restore from_there 2>&1

echo "--- killed"
start_vm --memory 8M --record killed "$GUEST/timer.elf"
gdb_session "$GUEST/timer.elf" 'tbreak work if ticks >= 20' 'continue' "shell kill -9 $vm_pid" 2>&1
wait "$vm_pid" 2>/dev/null
replay killed "$GUEST/timer.elf" 'print ticks > 15' 'tbreak on_timer if ticks == 9' 'reverse-continue' 'print ticks'
head -c -9 killed >shortened
replay shortened "$GUEST/timer.elf" 'print ticks > 15'

echo "--- full"
size=$(wc -c <by_itself)
(
  ulimit -f $(((size - 20000) / 512))
  status "$GDBVM" --gdb none --run --memory 8M --record full "$GUEST/stray_write.elf" 2>&1
)
replay full "$GUEST/stray_write.elf" 'tbreak kernel_main' 'reverse-continue'
(
  ulimit -f 1000
  status "$GDBVM" --gdb none --run --memory 8M --record fuller "$GUEST/stray_write.elf" 2>&1
)
[ ! -e fuller ] && echo "no file is left"

echo "--- refused"
echo thesis >thesis
mkdir folder
for file in thesis folder absent/file; do refused --record "$file" "$GUEST/stray_write.elf"; done
cat thesis
refused --record two --cpus 2 "$GUEST/smp.elf"
[ ! -e two ] && echo "no file is left"
cp by_itself damaged
printf 'xxxx' | dd of=damaged bs=1 seek=$((size - 100)) conv=notrunc 2>/dev/null
for file in thesis folder absent damaged from_there; do refused --replay "$file"; done
refused --restore by_itself
