# A guest that was stopped for two seconds finds its clocks unchanged; only the RTC shows the host's time.
# guest: clocks.elf
# connect: unix
# status: 1
connect
tbreak stop_here
continue
shell sleep 2
continue
