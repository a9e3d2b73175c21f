# The time-stamp counter stands still while the guest is stopped.
# guest: clocks.elf
# connect: unix
# status: 1
# needs: own-tsc
connect
tbreak stop_here
continue
shell sleep 2
continue
