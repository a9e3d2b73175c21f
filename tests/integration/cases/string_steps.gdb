# Steps through string instructions leave the guest's results as they are without a debugger.
# guest: string_rep.elf
connect
tbreak move_forwards
continue
stepi 60
tbreak compare
continue
stepi 60
continue
