# A triple fault is a stop that can be inspected, with a sentence that says what happened.
# guest: triple_fault.elf
connect
continue
bt
info registers rip
x/i $pc
