# trace, collect, tfind, conditions, passcounts, tsave and target tfile, in the style of GDB's gdb.trace.
# guest: counter.elf
# timeout: 60
connect
printf "--- before a trace\n"
tstatus
tvariable $seen = 10
trace count if counter >= 3
actions
  collect $regs, counter
  teval $seen = $seen + 1
  collect $seen
end
passcount 4 1
break count if counter == 20
tstart
continue
printf "--- after it\n"
tstatus
info tracepoints
tfind start
printf "frame %d counter %d seen %d\n", $trace_frame, counter, $seen
p $pc
tfind
printf "frame %d counter %d\n", $trace_frame, counter
printf "--- what was not collected\n"
x/1xg $rsp
printf "--- read-only code\n"
x/1i $pc
tfind pc $pc
printf "frame %d counter %d\n", $trace_frame, counter
tfind none
printf "the guest again: %d\n", counter
enter_work
tsave trace.tf
detach
printf "--- from the file\n"
target tfile trace.tf
tfind start
printf "frame %d counter %d\n", $trace_frame, counter
tfind 3
printf "frame %d counter %d seen %d\n", $trace_frame, counter, $seen
