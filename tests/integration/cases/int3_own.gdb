# The guest's own int3s go to its own handler, beside a breakpoint of the debugger's.
# guest: int3_own.elf
# needs: step_enters_handler=true|long.execute_register=true
connect
break on_breakpoint
continue
print breakpoints_seen
delete
continue
