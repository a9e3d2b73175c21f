# while-stepping on several CPUs, a circular buffer, a trace that outlives its client, a fast tracepoint.
# guest: smp.elf
# args: --cpus 4 --on-detach run
# needs: long.execute_register=true
# connect: unix
# timeout: 60
connect
tbreak per_cpu_work if counters[1] && counters[2] && counters[3]
continue
set $hit = $pc
set circular-trace-buffer on
set trace-buffer-size 100000
set disconnected-tracing on
ftrace kernel_main
trace per_cpu_work
actions
  collect cpu, $rip
  while-stepping 3
    collect $rip
  end
end
break per_cpu_work if counters[0] > 100 && counters[1] > 100 && counters[2] > 100 && counters[3] > 100
tstart
continue
tstop
tstatus
tfind start
set $cpus = 0
set $steps = 0
set $at = 0
while $trace_frame != -1 && $at < 400
  if $pc == $hit
    set $cpus = $cpus | (1 << cpu)
  end
  if $pc != $hit
    set $steps = $steps + 1
  end
  set $at = $at + 1
  tfind
end
printf "CPUs traced %d, steps %d\n", $cpus, $steps > 60
tfind none
delete 4
tstart
detach
echo --- another client\n
connect
info tracepoints
tstop
tstatus
tfind start
printf "frame %d\n", $trace_frame
tfind none
set var limit = 0
continue
