# A breakpoint in code that a loader copies there later, wipes and copies again: hit each time.
# guest: selfcopy.elf
connect
break payload_main
continue
continue
print payload_runs
continue
