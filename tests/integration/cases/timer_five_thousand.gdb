# 5,000 steps with a 1 kHz timer running never land in its handler.
# guest: timer.elf
# repeat: 5000 300
# timeout: 90
connect
break work if ticks > 5
continue
delete
set $landed = 0
set $n = 0
set $begin = ticks
set logging file /dev/null
set logging redirect on
set logging enabled on
while $n < $repeat
  stepi
  if $pc >= (unsigned long)&on_timer && $pc < (unsigned long)&work
    set $landed = $landed + 1
  end
  set $n = $n + 1
end
set logging enabled off
printf "%d steps, %d in the handler, %d ticks\n", $n, $landed, ticks - $begin
