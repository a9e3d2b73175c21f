# Four CPUs: all listed, a breakpoint hit on each, separate registers, scheduler-locking.
# guest: smp.elf
# args: --cpus 4
# needs: long.execute_register=true
# timeout: 60
connect
info threads
tbreak per_cpu_work if counters[1] && counters[2] && counters[3]
continue
info threads
printf "online %d\n", cpus_online
printf "apic ids %d\n", (1 << apic_ids[0]) + (1 << apic_ids[1]) + (1 << apic_ids[2]) + (1 << apic_ids[3])
set $seen = 0
set $i = 0
while $i < 4
  tbreak per_cpu_work if cpu == $i
  continue
  printf "hit on %d, stack its own: %d\n", cpu, cpu == 0 || ((unsigned long)$rsp - (unsigned long)ap_stacks) / 4096 == cpu
  set $seen = $seen | (1 << $_thread)
  set $i = $i + 1
end
printf "threads seen %d\n", $seen
thread apply all set var $r15 = 100 + $_thread
thread apply all -q p $r15
tbreak per_cpu_work if cpu == 2
continue
printf "r15 is the thread's: %d\n", $r15 == 100 + $_thread
echo --- scheduler-locking on\n
set scheduler-locking on
break per_cpu_work
set $own = counters[2]
set $all = counters[0] + counters[1] + counters[2] + counters[3]
set $i = 0
while $i < 20
  continue
  set $i = $i + 1
end
printf "own %d all %d\n", counters[2] - $own, counters[0] + counters[1] + counters[2] + counters[3] - $all
delete
echo --- scheduler-locking step\n
set scheduler-locking step
set $others = counters[0] + counters[1] + counters[3]
stepi 40
printf "others %d\n", counters[0] + counters[1] + counters[3] - $others
echo --- scheduler-locking off\n
set scheduler-locking off
set $others = counters[0] + counters[1] + counters[3]
break per_cpu_work if cpu == 2 && counters[0] + counters[1] + counters[3] > $others + 100
continue
printf "others grew: %d\n", counters[0] + counters[1] + counters[3] > $others + 100
delete
set var limit = 0
continue
