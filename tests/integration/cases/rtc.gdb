# The real-time clock interrupts periodically and at its alarm, also where a guest is stepped between the ticks.
# guest: rtc.elf
connect
tbreak sleep if ticks > 8
continue
stepi 20
continue
print ticks
