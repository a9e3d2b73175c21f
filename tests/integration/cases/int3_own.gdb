# The guest's own int3s go to its own handler, next to a breakpoint of the debugger.
# guest: int3_own.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
break on_breakpoint
continue
print breakpoints_seen
delete
continue
