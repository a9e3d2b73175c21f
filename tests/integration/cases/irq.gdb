# `monitor irq` interrupts the guest, which finds that its device did not ask.
# guest: rtc.elf
# gdb-status: 1
connect
tbreak sleep
continue
monitor info pit
monitor irq 8
monitor irq 5
tbreak on_clock
continue
tbreak sleep
continue
monitor irq 24
