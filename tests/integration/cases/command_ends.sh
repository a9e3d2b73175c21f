# COMMAND ends with gdbvm, whichever way that goes, and also where it ignores being asked.
. "$LIB"

# begin SCRIPT: gdbvm with a COMMAND that writes its pid and then does as SCRIPT says.
begin() {
  rm -f "$WORK/pid"
  "$GDBVM" --gdb "unix:$WORK/gdb" --serial none --run "$GUEST/counter.elf" -- sh -c "$1" 2>"$WORK/stderr" &
  vm_pid=$!
  wait_for "$WORK/pid" '[0-9]'
  command_pid=$(cat "$WORK/pid")
}

# gone PID: it is, within 10 seconds. A zombie is.
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
