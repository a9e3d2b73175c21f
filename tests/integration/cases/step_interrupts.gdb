# With step-interrupts on, steps land in an interrupt's handler.
# guest: timer.elf
# needs: step_enters_handler=true|long.execute_register=true
# repeat: 5000 300
# timeout: 90
connect
break work if ticks > 5
continue
delete
set $landed = 0
set logging file /dev/null
set logging redirect on
monitor set step-interrupts on
set $n = 0
set logging enabled on
while $n < $repeat && $landed == 0
  stepi
  if $pc >= (unsigned long)&on_timer && $pc < (unsigned long)&work
    set $landed = 1
  end
  set $n = $n + 1
end
set logging enabled off
info symbol $pc
