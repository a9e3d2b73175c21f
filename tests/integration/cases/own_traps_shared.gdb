# The guest's own int3s and faults arrive as in a free run, whatever breakpoints are set; here with one handler for #BP and #UD.
# guest: own_traps_shared.elf
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
