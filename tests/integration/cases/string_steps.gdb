# Stepping through string instructions gives the guest the same results as without a debugger.
# guest: string_rep.elf
connect
tbreak move_forwards
continue
stepi 20
tbreak compare
continue
stepi 20
continue
