# Continue to the guest's own end: gdb reports the exit status of gdbvm.
# guest: counter.elf
# connect: unix
# status: 1
connect
break count
continue
set var limit = 3
delete
continue
