# Stock gdb in non-stop mode: one CPU is stopped and examined, stepped and hits a breakpoint, while the others count.
# timeout: 90
. "$LIB"
mkfifo "$WORK/commands"
"$GDB" -nx -q "$GUEST/smp.elf" <"$WORK/commands" >"$WORK/out" 2>&1 &
gdb=$!
exec 3>"$WORK/commands"
say() { printf '%s\n' "$1" >&3; }
# answers REGEX: waits for it after everything that has been waited for.
seen=0
answers() {
  tries=0
  until line=$(sed 's/^(gdb) *//' "$WORK/out" | tail -n "+$((seen + 1))" | grep -n -m 1 -E -e "$1"); do
    tries=$((tries + 1))
    if [ $tries -gt 500 ]; then
      echo "no answer: $1"
      cat "$WORK/out"
      kill "$gdb"
      exit 1
    fi
    sleep 0.02
  done
  seen=$((seen + ${line%%:*}))
  echo "${line#*:}"
}
# others_count STATE: checks that the three other CPUs' counters grow.
others_count() {
  say 'set $c0 = counters[0] + counters[1] + counters[2] + counters[3]'
  say 'set $own = counters[$me]'
  tries=0
  until [ "$tries" -gt 100 ] || grep -q "$1 grown" "$WORK/out"; do
    say "if counters[0] + counters[1] + counters[2] + counters[3] > \$c0 + 100"
    say "printf \"$1 grown, own by %d\\n\", counters[\$me] - \$own"
    say "end"
    sleep 0.05
    tries=$((tries + 1))
  done
  answers "$1 grown"
}
say "set pagination off"
say "set width 0"
say "set confirm off"
say "set style enabled off"
say "set non-stop on"
say "target remote | exec '$GDBVM' --gdb stdio --serial none --cpus 4 '$GUEST/smp.elf' 2>'$WORK/stderr'"
answers 'Thread 4 "CPU 3" stopped'
say "continue -a &"
say "thread 2"
say 'printf "waiting\n"'
answers waiting
until grep -q "all counting" "$WORK/out"; do
  say 'if counters[1] && counters[2] && counters[3]'
  say 'printf "all counting\n"'
  say 'end'
  sleep 0.05
done
say "interrupt"
answers 'Thread 2 "CPU 1" stopped'
say "up-silently 1"
say "frame function ap_main"
say 'set $me = cpu'
say "info threads"
answers 'Thread 1.1 .*\(running\)'
answers '^\* 2 .*(ap_main|per_cpu_work)'
answers 'Thread 1.4 .*\(running\)'
others_count interrupted
say "frame 0"
say "stepi"
say "stepi"
say 'printf "stepped\n"'
answers stepped
say 'tbreak *$pc thread 2'
say "continue &"
answers 'Thread 2 "CPU 1" hit Temporary breakpoint'
say "frame function ap_main"
others_count "at breakpoint"
say "continue -a &"
say "interrupt -a"
for _ in 1 2 3 4; do answers '^Thread [1-4] "CPU [0-3]" stopped'; done | sort
say "kill"
answers 'killed'
say "quit"
exec 3>&-
wait "$gdb"
echo "gdb: status $?"
