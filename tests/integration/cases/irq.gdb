# `monitor irq` interrupts the guest, which finds nothing on its serial port.
# guest: echo.elf
# gdb-status: 1
connect
tbreak pic_start
continue
finish
monitor info pit
monitor irq 4
monitor irq 5
tbreak on_serial
continue
finish
print received
monitor irq 24
