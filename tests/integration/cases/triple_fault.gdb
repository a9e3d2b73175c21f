# A triple fault is a stop that can be inspected, with a sentence that says what happened.
# guest: triple_fault.elf
# needs: shutdown_keeps_state=true
connect
continue
bt
info registers rip
x/i $pc
