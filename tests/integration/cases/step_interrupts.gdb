# With step-interrupts on, interrupts arrive between steps: a step lands in the handler, or runs through it (docs/backends.md).
# guest: timer.elf
# repeat: 5000 3000
# timeout: 90
connect
break work if ticks > 5
continue
delete
set $arrived = 0
set logging file /dev/null
set logging redirect on
monitor set step-interrupts on
set $n = 0
set $before = ticks
set logging enabled on
while $n < $repeat && !$arrived
  stepi
  set $landed = $pc >= (unsigned long)&on_timer && $pc < (unsigned long)&work
  set $arrived = $landed || ticks > $before
  set $n = $n + 1
end
set logging enabled off
printf "arrived: %d\n", $arrived
