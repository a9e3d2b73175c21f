# Steps through string instructions leave the guest's results as they are without a debugger.
# guest: string_rep.elf
connect
tbreak move_forwards
continue
stepi 20
tbreak compare
continue
stepi 20
continue
