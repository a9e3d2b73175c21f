# A step over an int3 whose gate has a bad selector ends at the #GP handler, even though that never returns.
# guest: int3_gate_selector.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
hbreak the_int3
continue
delete
stepi
info symbol $pc
kill
