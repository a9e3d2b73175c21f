# Debian's stock kernel, saved in a file when its first program runs, and gone on with from there by three machines at
# once, each with a line of its own: each has the disk as it was, and writes to it for itself.
# needs: /linux/root.ext4 asked-for
# timeout: 900
. "$LIB"
linux_limits
cp /linux/root.ext4 "$WORK/disk"
mkfifo "$WORK/line"
"$GDBVM" --run --gdb "unix:$WORK/gdb" --memory 192M --cpus "$cpus" --initrd /linux/initrd --disk "$WORK/disk,snapshot" \
  --append "console=ttyS0 quiet root-on-disk write-a-line$emulator" /linux/vmlinuz <>"$WORK/line" >"$WORK/boot" \
  2>"$WORK/stderr" &
vm_pid=$!
until wait_for "$WORK/boot" "waiting for a line" 2>/dev/null; do kill -0 "$vm_pid" || break; done
tr -d '\r' <"$WORK/boot"
gdb_session "$GDBVM" "monitor savevm file:$WORK/saved" 'kill' 2>&1
wait "$vm_pid"

pids=
for number in 1 2 3; do
  printf 'line of %s\n' "$number" >"$WORK/in.$number"
  "$GDBVM" --restore "$WORK/saved" --run --gdb none --serial stdio <"$WORK/in.$number" >"$WORK/out.$number" \
    2>"$WORK/err.$number" &
  pids="$pids $!"
done
for pid in $pids; do status wait "$pid"; done
cat "$WORK/out.1" "$WORK/out.2" "$WORK/out.3" "$WORK/err.1" | tr -d '\r'
cmp "$WORK/disk" /linux/root.ext4 && echo "the file is as it was"
