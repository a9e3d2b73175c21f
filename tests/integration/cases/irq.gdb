# `monitor irq` interrupts the guest, which finds that its clock has not ticked.
# guest: rtc.elf
# args: --rtc machine
# gdb-status: 1
connect
tbreak sleep if ticks == 1
continue
monitor info pit
monitor irq 8
monitor irq 5
tbreak on_clock
continue
tbreak sleep
continue
print ticks
monitor irq 24
