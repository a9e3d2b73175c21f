# The real-time clock interrupts periodically and at its alarm, even if the guest is stepped between the ticks.
# guest: rtc.elf
connect
tbreak sleep if ticks > 8
continue
stepi 20
continue
print ticks
