# A guest that was stopped for two seconds finds its clocks where they were; only the RTC tells the host's time.
# guest: clocks.elf
# connect: unix
# status: 1
connect
tbreak stop_here
continue
shell sleep 2
continue
