# A guest with a 1 kHz timer can be stopped, stepped and continued; its ticks keep arriving.
# guest: timer.elf
connect
break work if ticks > 20
continue
print ticks > 20
next
stepi 20
delete
continue
