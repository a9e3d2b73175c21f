# COMMAND ends with gdbvm, however that ends, even if COMMAND ignores SIGTERM.
. "$LIB"

# begin SCRIPT: gdbvm with a COMMAND that writes its pid and then runs SCRIPT.
begin() {
  rm -f "$WORK/pid"
  "$GDBVM" --gdb "unix:$WORK/gdb" --serial none --run "$GUEST/counter.elf" -- sh -c "$1" 2>"$WORK/stderr" &
  vm_pid=$!
  wait_for "$WORK/pid" '[0-9]'
  command_pid=$(cat "$WORK/pid")
}

# gone PID: waits up to 10 seconds until it is gone or a zombie.
gone() {
  tries=0
  while grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 500 ] || { echo "process $1 is still there"; kill -KILL "$1"; return 1; }
    sleep 0.02
  done
  echo "gone"
}

for signal in TERM HUP KILL; do
  begin "echo \$\$ >'$WORK/pid'; exec sleep 1000"
  kill -$signal "$vm_pid"
  wait "$vm_pid"
  echo "$signal: status $?"
  gone "$command_pid"
  rm -f "$WORK/gdb"
done
begin "trap '' TERM HUP; echo \$\$ >'$WORK/pid'; while :; do read -r line; done </dev/zero"
kill -TERM "$vm_pid"
wait "$vm_pid"
echo "ignored: status $?"
gone "$command_pid"
