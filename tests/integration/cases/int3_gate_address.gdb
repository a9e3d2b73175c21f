# A step over an int3 whose gate has a bad address ends at the #GP handler, even though that never returns.
# guest: int3_gate_address.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
hbreak the_int3
continue
delete
stepi
info symbol $pc
kill
