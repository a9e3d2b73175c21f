# The guest's own int3s and faults arrive as in a free run, whatever breakpoints are set; here with the #BP gate open to users.
# guest: own_traps_open.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
break not_called
break passed
break user_nop
continue
continue
continue
print $cs & 3
continue
