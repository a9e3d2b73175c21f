# `run` in extended-remote restarts the machine from its image; breakpoints stay, memory is fresh.
# guest: counter.elf
# connect: unix
connect_extended
break count
continue
continue 5
print counter
set var limit = 77
run
print counter
print limit == -1
info symbol $pc
kill
