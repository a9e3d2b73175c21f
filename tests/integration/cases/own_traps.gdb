# The guest's own int3s and faults arrive as in a free run, whatever breakpoints are set; here with the #BP gate closed to users.
# guest: own_traps.elf
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
